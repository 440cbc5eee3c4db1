import type { StoreApi } from "zustand/vanilla";
import type { Text } from "../../core/language/say.ts";
import type { EvaluationState, SystemRun } from "./slice.ts";

/** What came of a run so far, and what stands in its way, is written here alone. */
type Results = StoreApi<EvaluationState>;

/** The systems of a new run, none of them begun. */
export function beginResults(store: Results, systems: readonly SystemRun[]): void {
  store.setState({ systems, paces: {}, trouble: null });
}

export function changeSystem(store: Results, name: string, change: (system: SystemRun) => Partial<SystemRun>): void {
  store.setState(({ systems }) => ({
    systems: systems.map((system) => (system.name === name ? { ...system, ...change(system) } : system)),
  }));
}

/** A running mean of each system, that follows a machine that slows down. */
export function notePace(store: Results, name: string, milliseconds: number): void {
  store.setState(({ paces }) => {
    const before = paces[name];
    return { paces: { ...paces, [name]: before === undefined ? milliseconds : 0.8 * before + 0.2 * milliseconds } };
  });
}

export function sayTrouble(store: Results, trouble: Text | null): void {
  store.setState({ trouble });
}
