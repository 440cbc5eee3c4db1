import { say } from "../../core/language/say.ts";
import type { RegionsMeaning, SeveralRegions } from "../../io/marks/regions-of-file.ts";
import { tell } from "../app/notices.ts";
import type { ExplorerStore } from "../app/store.ts";
import type { KeptStorage } from "./kept/kept-storage.ts";
import type { MaskAsking, MaskMeaning } from "./samples/mask-asking.ts";

/** What a person said that masks are; samples are of a method with a name. */
export type MaskAnswer =
  | { readonly meaning: "graders" | "slice" }
  | { readonly meaning: "samples"; readonly method: string };

/**
 * Asks what masks are that were opened without a slice, unless the person has said so for good, and what the regions of
 * one RTSTRUCT are.
 */
export class MaskQuestion {
  private readonly store: ExplorerStore;
  private readonly storage: KeptStorage;
  private reply: (answer: MaskAnswer | null) => void = () => undefined;
  private replyOfRegions: (meaning: RegionsMeaning | null) => void = () => undefined;

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
  ask(asking: MaskAsking): Promise<MaskAnswer | null> {
    const { masksAre } = this.store.getState();
    if (masksAre !== null && asking.meanings.includes(masksAre)) return Promise.resolve({ meaning: masksAre });
    this.replace();
    this.store.setState({ asking });
    return new Promise((resolve) => {
      this.reply = resolve;
    });
  }

  /** Null where the person wants neither, or something else was asked before an answer. */
  async askRegions({ file, names }: SeveralRegions): Promise<RegionsMeaning | null> {
    this.replace();
    this.store.setState({ asking: { file, regions: names } });
    const meaning = await new Promise<RegionsMeaning | null>((resolve) => {
      this.replyOfRegions = resolve;
    });
    if (meaning !== null) this.storage.choose("regions", meaning).catch(() => undefined);
    return meaning;
  }

  /** What was answered last: so is what comes back after a reload. */
  async lastOfRegions(): Promise<RegionsMeaning> {
    return (await this.storage.choice("regions").catch(() => null)) === "file" ? "file" : "graders";
  }

  answerRegions(meaning: RegionsMeaning | null): void {
    const { asking } = this.store.getState();
    this.store.setState({ asking: null });
    if (meaning === null && asking) tell(this.store, "status", say`${asking.file} was not opened.`);
    this.replyOfRegions(meaning);
  }

  /** Of two questions the later one stands. */
  private replace(): void {
    this.reply(null);
    this.replyOfRegions(null);
  }

  /** `always`: nothing is asked from now on; samples are asked about each time, as they have a name. */
  answer(meaning: MaskMeaning | null, always = false, method = ""): void {
    const { asking } = this.store.getState();
    this.store.setState({ asking: null });
    if (meaning === null) {
      if (asking) tell(this.store, "status", say`${asking.file} was not opened.`);
      this.reply(null);
    } else if (meaning === "samples") {
      this.reply({
        meaning,
        method: method.trim() || (asking && "samples" in asking && asking.samples?.method) || "samples",
      });
    } else {
      if (always) this.choose(meaning);
      this.reply({ meaning });
    }
  }

  /** Null: asks again. Where the browser keeps nothing, it holds as long as the page does. */
  choose(masksAre: Exclude<MaskMeaning, "samples"> | null): void {
    this.store.setState({ masksAre });
    this.storage.choose("masks", masksAre).catch(() => undefined);
  }
}
