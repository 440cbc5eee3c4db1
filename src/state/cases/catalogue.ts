import type { Text } from "../../core/language/say.ts";
import type { Intent } from "../app/intent.ts";
import { tell } from "../app/notices.ts";
import type { AwaitedView, CaseEntry } from "../app/shape.ts";
import type { StateStore } from "../app/store.ts";

/** The menu of cases, and the slice that a link or a session waits for, are written here alone. */

/** Adds lines to the menu: built-in ones before all others. A line that is there already goes where the others go. */
export function listCases(store: StateStore, added: readonly CaseEntry[], where: "first" | "last"): void {
  const lines = added.map(({ id, title, group, simulated, pack }) => ({ id, title, group, simulated, pack }));
  store.setState(({ entries }) => {
    const others = entries.filter(({ id }) => !lines.some((line) => line.id === id));
    return { entries: where === "first" ? [...lines, ...others] : [...others, ...lines] };
  });
}

/** What a session says beside the view: a link has none of it. */
type Beside = Pick<AwaitedView, "drawn" | "lesion">;

/** The view waits for the slice whose values' sha256 begins with `hash`; `sentence` asks the person for it. */
export function awaitSlice(
  store: StateStore,
  hash: string,
  intent: Partial<Intent>,
  sentence: Text,
  beside?: Beside,
): void {
  expectSlice(store, hash, intent, beside);
  tell(store, "alert", sentence);
}

/** The same for a slice that the page itself opens next. */
export function expectSlice(
  store: StateStore,
  hash: string,
  intent: Partial<Intent>,
  { drawn, lesion }: Beside = { drawn: [], lesion: null },
): void {
  store.setState({ awaited: { hash, intent, drawn, lesion } });
}

export function stopAwaiting(store: StateStore): void {
  store.setState({ awaited: null });
}
