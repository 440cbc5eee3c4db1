import { FIRST_INTENT, type Layer, type Outline } from "../../app/intent.ts";
import type { State } from "../../app/shape.ts";
import type { StateStore } from "../../app/store.ts";
import type { KeptStorage } from "../../cases/kept/kept-storage.ts";
import { FOLDING, type Folding, type Order } from "./order.ts";

/** Maps and outlines that a newcomer meets at once. */
export const CALM: { readonly layers: readonly Layer[]; readonly outlines: readonly Outline[] } = {
  layers: ["none", "mean", "variance"],
  outlines: ["sample", "all", "graders"],
};

/** Whether the view uses something that a panel folds away. */
export function usesFolded(state: State, panel: Folding): boolean {
  const { intent, whole, jobs } = state;
  const { view, z, fields } = intent;
  const first = FIRST_INTENT;
  switch (panel) {
    case "slice":
      return whole !== null || jobs.whole !== undefined;
    case "region":
      return (
        !CALM.layers.includes(view.layer) ||
        Object.entries(view.outlines).some(([name, on]) => on && !CALM.outlines.includes(name as Outline)) ||
        view.layerOpacity !== first.view.layerOpacity ||
        intent.threshold !== first.threshold ||
        view.blend !== null ||
        view.fill ||
        view.network
      );
    case "latent":
      return (
        fields.strength !== first.fields.strength ||
        fields.frozenSeed !== null ||
        z.source.kind === "between" ||
        intent.seed !== first.seed ||
        view.sliders !== first.view.sliders
      );
    case "samples":
      return (
        intent.representativeOf !== null ||
        intent.count !== first.count ||
        intent.order !== first.order ||
        view.sort !== first.view.sort
      );
    case "figures":
      return false;
  }
}

/**
 * What is folded away. A panel opens by itself where the view comes to use something behind its "More", as out of a link
 * or a session; what the person opened stays open over a reload, kept on this machine.
 */
export class PageOrder {
  private readonly store: StateStore;
  private readonly storage: KeptStorage;
  /** What the person opened; not what opened by itself. */
  private readonly asked = new Set<Folding>();
  /** What was opened, closed or seen before the answer to what was kept came: it counts, and is kept again with the rest. */
  private readonly early = new Set<Folding | "seen">();
  private recalled = false;
  private readonly stop: () => void;

  constructor(store: StateStore, storage: KeptStorage) {
    this.store = store;
    this.storage = storage;
    this.openUsed(null);
    this.stop = store.subscribe((state, before) => {
      if (state.intent !== before.intent || state.whole !== before.whole || state.jobs !== before.jobs)
        this.openUsed(before);
    });
    void this.recall();
  }

  /** Opens or closes what a panel folds away, for this visit and those to come. */
  setMore(panel: Folding, open: boolean): void {
    if (!this.recalled) this.early.add(panel);
    if (open) this.asked.add(panel);
    else this.asked.delete(panel);
    const now = new Set(this.store.getState().pageOrder.open);
    if (open) now.add(panel);
    else now.delete(panel);
    this.write({ open: now });
    this.keep("more", [...this.asked]);
  }

  /** z was dragged on the plane. */
  sawDrag(): void {
    if (this.store.getState().pageOrder.dragged) return;
    this.write({ dragged: true });
    this.keepSeen();
  }

  /** Puts the first visit's sentence away. */
  sawGreeting(): void {
    this.write({ greeted: true });
    this.keepSeen();
  }

  dispose(): void {
    this.stop();
  }

  /** Where something folded away was not in use before, and is now. */
  private openUsed(before: State | null): void {
    const state = this.store.getState();
    const { open } = state.pageOrder;
    const used = FOLDING.filter(
      (panel) => !open.has(panel) && usesFolded(state, panel) && (before === null || !usesFolded(before, panel)),
    );
    if (used.length > 0) this.write({ open: new Set([...open, ...used]) });
  }

  private async recall(): Promise<void> {
    try {
      const words = async (of: "more" | "seen") => ((await this.storage.choice(of)) ?? "").split(",");
      const [more, seen] = [await words("more"), await words("seen")];
      this.recalled = true;
      const kept = FOLDING.filter((panel) => more.includes(panel) && !this.early.has(panel));
      for (const panel of kept) this.asked.add(panel);
      const { open, dragged, greeted } = this.store.getState().pageOrder;
      if (kept.length === 0 && !seen.includes("drag") && !seen.includes("greeting") && this.early.size === 0) return;
      this.write({
        open: new Set([...open, ...kept]),
        dragged: dragged || seen.includes("drag"),
        greeted: greeted || seen.includes("greeting"),
      });
      if (FOLDING.some((panel) => this.early.has(panel))) this.keep("more", [...this.asked]);
      if (this.early.has("seen")) this.keepSeen();
    } catch {
      // a browser that keeps nothing opens calm each time
    }
  }

  private keepSeen(): void {
    if (!this.recalled) this.early.add("seen"); // recall keeps it
    const { dragged, greeted } = this.store.getState().pageOrder;
    this.keep("seen", [...(dragged ? ["drag"] : []), ...(greeted ? ["greeting"] : [])]);
  }

  private keep(of: "more" | "seen", words: readonly string[]): void {
    const { keeping, refused } = this.store.getState().onMachine;
    if (!keeping || refused || !this.recalled) return;
    this.storage.choose(of, words.length === 0 ? null : words.join(",")).catch(() => undefined);
  }

  private write(change: Partial<Order>): void {
    this.store.setState(({ pageOrder }) => ({ pageOrder: { ...pageOrder, ...change } }));
  }
}
