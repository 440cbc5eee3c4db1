import { goTo } from "../app/places.ts";
import type { State } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import type { Comparing } from "./comparing.ts";
import { comparedIn, firstSystems, MOST_SYSTEMS, systemsOf } from "./slice.ts";

/** What a person can do to the comparison; which systems stand side by side is written here alone. */
export function compareActions(store: ExplorerStore) {
  const change = (of: (state: State) => Partial<Comparing>) =>
    store.setState((state) => ({ compare: { ...state.compare, ...of(state) } }));
  return {
    /** Fills the page with the comparison, at first of the explorer's model and one of each other family. */
    openCompare(): void {
      change(({ compare, models, intent }) => {
        const known = systemsOf(models, [intent.model, ...compare.systems]);
        return { systems: compare.chosen ? known : firstSystems(models, intent.model) };
      });
      goTo(store, "compare");
    },
    /** The systems of the columns, in their order. */
    setSystems: (names: readonly string[]) =>
      change(({ models }) => ({ systems: systemsOf(models, names), chosen: true })),
    setCompareOutline: (outline: "samples" | "graders", on: boolean) =>
      change(({ compare }) => ({ outlines: { ...compare.outlines, [outline]: on } })),
  };
}

/** A model that was just opened stands beside the others where they are shown and there is room: whether it does. */
export function standsBeside(store: ExplorerStore, name: string): boolean {
  const { compare, view } = store.getState();
  if (view !== "compare" || compare.systems.length >= MOST_SYSTEMS) return false;
  compareActions(store).setSystems([...compare.systems, name]);
  return true;
}

/** Opens or leaves the comparison, as a link says. */
export function followCompared(store: ExplorerStore, hash: string): void {
  const names = comparedIn(hash);
  const { intent, models, view } = store.getState();
  if (names !== null) {
    const systems = systemsOf(models, names);
    compareActions(store).setSystems(systems.length > 0 ? systems : [intent.model]);
    goTo(store, "compare");
  } else if (view === "compare") goTo(store, "explorer");
}
