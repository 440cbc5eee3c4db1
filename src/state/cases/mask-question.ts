import { tell } from "../app/notices.ts";
import type { MaskMeaning } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import type { KeptStorage } from "./kept/kept-storage.ts";

/** Asks what a mask that was opened alone is, unless the person has said so for good. */
export class MaskQuestion {
  private readonly store: ExplorerStore;
  private readonly storage: KeptStorage;
  private reply: (meaning: MaskMeaning | null) => void = () => undefined;

  constructor(store: ExplorerStore, storage: KeptStorage) {
    this.store = store;
    this.storage = storage;
    storage
      .choice("masks")
      .then((value) => {
        if (value === "graders" || value === "slice") store.setState({ masksAre: value });
      })
      .catch(() => undefined); // asked again
  }

  /** Null where the person wants neither, or another mask was opened before an answer. */
  ask(file: string): Promise<MaskMeaning | null> {
    const { masksAre } = this.store.getState();
    if (masksAre !== null) return Promise.resolve(masksAre);
    this.reply(null);
    this.store.setState({ asking: { file } });
    return new Promise((resolve) => {
      this.reply = resolve;
    });
  }

  /** `always`: nothing is asked from now on. */
  answer(meaning: MaskMeaning | null, always = false): void {
    const { asking } = this.store.getState();
    this.store.setState({ asking: null });
    if (meaning !== null && always) this.choose(meaning);
    if (meaning === null && asking) tell(this.store, "status", `${asking.file} was not opened.`);
    this.reply(meaning);
  }

  /** Null: asks again. Where the browser keeps nothing, it holds as long as the page does. */
  choose(masksAre: MaskMeaning | null): void {
    this.store.setState({ masksAre });
    this.storage.choose("masks", masksAre).catch(() => undefined);
  }
}
