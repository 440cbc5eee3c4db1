import { fromPlain, GraderspaceError, toPlain } from "../../core/errors.ts";
import { inEnglish, say, type Text } from "../../core/language/say.ts";
import type { Notice, State } from "./shape.ts";
import type { StateStore } from "./store.ts";

let lastId = 0;

/** Tells the person a sentence. A status is replaced by the next one; an alert stays until it is closed. */
export function tell(store: StateStore, kind: Notice["kind"], text: Text, remedy?: Notice["remedy"]): void {
  const notice: Notice = { id: ++lastId, kind, text, ...(remedy && { remedy }) };
  store.setState(({ notices }) => {
    const kept = notices.filter(
      (other) => inEnglish(other.text) !== inEnglish(text) && (kind === "alert" || other.kind === "alert"),
    );
    return { notices: [...kept, notice].slice(-4) };
  });
}

export function dismiss(store: StateStore, id: number): void {
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

/** What a person reads of anything thrown. */
export function sentenceOf(error: unknown): Text {
  if (error instanceof GraderspaceError) return error.sentence;
  const plain = toPlain(error);
  if (plain.tag === "NetworkFailed") return fromPlain(plain).sentence;
  return say`Something went wrong: ${plain.facts.problem}; reload the page if it happens again.`;
}

/** Every new failure becomes a sentence that stays until it is closed. */
export function tellFailures(store: StateStore): () => void {
  return store.subscribe((state, before) => {
    if (state.failures === before.failures) return;
    for (const [job, failure] of Object.entries(state.failures)) {
      if (job.startsWith("compare:")) continue; // its column says it
      const old = before.failures[job as keyof State["failures"]];
      if (failure && failure !== old && failure.error.tag !== "Aborted")
        tell(store, "alert", sentenceOf(fromPlain(failure.error)));
    }
  });
}
