import type { KeptChoice, KeptOpening, KeptStorage, KeptWork } from "../../src/state/cases/kept/kept-storage.ts";

interface Row extends Omit<KeptOpening, "works"> {
  readonly works: Map<string, KeptWork>;
  readonly drops: (readonly File[])[];
}

/** One machine's storage for any number of tabs; `refused` makes every call fail, as in a private window. */
export class KeptInMemory {
  readonly rows = new Map<string, Row>();
  readonly choices = new Map<KeptChoice, string>();
  readonly tabs: ((token: string) => void)[] = [];
  refused = false;
  /** Openings that may still be added before the disk is full; one that is forgotten makes room for another. */
  room = Number.POSITIVE_INFINITY;
  private clock = 0;

  /** The storage as one tab sees it. */
  tab(): KeptStorage {
    const mine: ((token: string) => void)[] = [];
    const asked = () => {
      if (this.refused) throw new DOMException("not here", "SecurityError");
    };
    const row = (id: string, title: string): Row => {
      const { bytes, works, drops, title: old } = this.rows.get(id) ?? { bytes: 0, works: new Map(), drops: [], title };
      const next = { id, title: old, bytes, opened: ++this.clock, works, drops };
      this.rows.set(id, next);
      return next;
    };
    return {
      list: async () => {
        asked();
        const all = [...this.rows.values()].map(({ works, ...rest }) => ({
          ...rest,
          works: Object.fromEntries(works),
        }));
        return all.sort((a, b) => b.opened - a.opened);
      },
      files: async (id) => this.rows.get(id)?.drops ?? [],
      addFiles: async (id, title, files) => {
        asked();
        if (!this.rows.has(id) && this.room-- <= 0) {
          this.room++;
          throw new DOMException("full", "QuotaExceededError");
        }
        const { bytes, ...rest } = row(id, title);
        rest.drops.push(files);
        this.rows.set(id, { ...rest, bytes: bytes + files.reduce((sum, { size }) => sum + size, 0) });
      },
      keepWork: async (id, place, work) => {
        asked();
        row(id, "").works.set(place, work);
      },
      forget: async (id) => {
        if (this.rows.delete(id)) this.room++;
      },
      forgetAll: async () => {
        this.rows.clear();
        this.choices.clear();
      },
      choice: async (of) => {
        asked();
        return this.choices.get(of) ?? null;
      },
      choose: async (of, value) => {
        asked();
        if (value === null) this.choices.delete(of);
        else this.choices.set(of, value);
      },
      claim: (token) => {
        for (const tab of this.tabs) if (!mine.includes(tab)) tab(token);
      },
      onClaimed: (listener) => {
        mine.push(listener);
        this.tabs.push(listener);
      },
    };
  }
}
