import type { Sheet, State, View } from "./shape.ts";
import type { StateStore } from "./store.ts";

/** What fills the page and what stands open over it is written here alone. */

/** Fills the page with a view; tour and lasso belong to the explorer. */
export function goTo(store: StateStore, view: View): void {
  store.setState(view === "explorer" ? { view } : { view, tour: null, lasso: "off" });
}

/**
 * The place that a view belongs to: Evaluate holds systems against graders, readers against each other, has lesions,
 * and teaches; Learn shows how the network works, and how it learns.
 */
export function placeOf(view: View): Exclude<View, "agreement" | "lesions" | "teach" | "train"> {
  if (view === "train") return "learn";
  return view === "agreement" || view === "lesions" || view === "teach" ? "evaluate" : view;
}

/** A place as a word of a link; the comparison has one of its own, which names its systems. */
export function placeWord({ view }: Pick<State, "view">): string {
  return view === "lesion" || ["evaluate", "learn"].includes(placeOf(view)) ? `&view=${view}` : "";
}

const NAMED: readonly View[] = ["lesion", "evaluate", "agreement", "lesions", "teach", "learn", "train"];

/** The place that a link names; the explorer where it names none. */
export function placeIn(hash: string): View {
  const word = new URLSearchParams(hash.replace(/^#/, "")).get("view");
  return NAMED.find((view) => view === word) ?? "explorer";
}

/** Opens a sheet over the page; null closes it. */
export function openSheet(store: StateStore, sheet: Sheet): void {
  store.setState({ sheet });
}

/** Goes to a step of the tour, from 0; null closes it. */
export function goToStep(store: StateStore, tour: State["tour"]): void {
  store.setState({ tour });
}

/** What the pointer does over the region from now on. */
export function takeLasso(store: StateStore, lasso: State["lasso"]): void {
  store.setState({ lasso });
}

/** The widest brush, in widths of a pixel. */
export const WIDEST_BRUSH = 60;

/** Diameter of brush and eraser from now on, in widths of a pixel. */
export function takeBrush(store: StateStore, brush: number): void {
  store.setState({ brush: Math.max(1, Math.min(WIDEST_BRUSH, Math.round(brush))) });
}
