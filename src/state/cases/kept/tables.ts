import { TABLE_STYLES, type TableStyle } from "../../../io/bytes/csv.ts";
import type { StateStore } from "../../app/store.ts";
import type { KeptStorage } from "./kept-storage.ts";

/** How tables leave the page: as the person chose last, on this machine. */
export class TablesKept {
  private readonly store: StateStore;
  private readonly storage: KeptStorage;
  /** Chosen before what was kept came: it counts. */
  private chosen = false;

  constructor(store: StateStore, storage: KeptStorage) {
    this.store = store;
    this.storage = storage;
    void this.recall();
  }

  choose(tables: TableStyle): void {
    this.chosen = true;
    this.store.setState({ tables });
    const { keeping, refused } = this.store.getState().onMachine;
    if (keeping && !refused) this.storage.choose("tables", tables === "comma" ? null : tables).catch(() => undefined);
  }

  private async recall(): Promise<void> {
    const kept = await this.storage.choice("tables").catch(() => null); // a browser that keeps nothing: commas
    const tables = TABLE_STYLES.find((style) => style === kept);
    if (tables && !this.chosen) this.store.setState({ tables });
  }
}
