import type { FieldsSource, GraderKey, ZSource } from "../../app/intent.ts";
import type { State } from "../../app/shape.ts";
import { isBlinded } from "../../cases/on-screen.ts";
import { identityOf, posteriorKey, posteriorOf } from "../keys.ts";
import { epsilonOf } from "./epsilon.ts";

/** One grid per spacing, before the strength; null: none lie under it; "waiting": those of a grader are on their way. */
type Under = readonly Float32Array[] | null | "waiting";

/** The local fields that lie under the z on the sliders. */
export function fieldsUnder(state: State): Under {
  const from = fieldsSource(state.intent.z.source);
  if (from === null) return null;
  if (typeof from === "number") return epsilonOf(state, from)?.fields ?? null;
  if ("given" in from) return from.given;
  const [a, b] = [fieldsOfGrader(state, from.from), fieldsOfGrader(state, from.to)];
  if (a === "waiting" || b === "waiting") return "waiting";
  if (a === null || b === null || a === b) return a ?? b;
  return a.map((grid, s) => grid.map((value, i) => value + from.share * ((b[s]?.[i] as number) - value)));
}

/** Where the fields under a z come from. */
export function fieldsSource(source: ZSource): FieldsSource {
  switch (source.kind) {
    case "sample":
      return source.index;
    case "posterior":
      return { from: source.grader, to: source.grader, share: 0 };
    case "between":
      return { from: source.from, to: source.to, share: source.share };
    case "hand":
      return source.fields;
    case "exact":
      return source.fields ? { given: source.fields } : null;
    case "mean":
      return null;
  }
}

/** Names what `fieldsUnder` gives, as long as the encoding is the same. */
export function fieldsName({ intent }: State): string {
  const from = fieldsSource(intent.z.source);
  if (from === null || typeof from === "number") return from === null ? "" : String(from);
  if ("given" in from) return `given ${identityOf(from.given)}`;
  return `${from.from}-${from.to}@${from.share}`;
}

/** The graders whose posteriors a z hangs on, for itself or for its fields. */
export function gradersIn(source: ZSource): readonly GraderKey[] {
  const from = fieldsSource(source);
  return from !== null && typeof from === "object" && "from" in from ? [from.from, from.to] : [];
}

/** Of who is not seen here none are found: the fields stay away then, and nobody waits for them. */
function fieldsOfGrader(state: State, grader: GraderKey): Under {
  const hidden = typeof grader === "number" ? isBlinded(state) : state.readers.find(({ id }) => id === grader)?.hidden;
  if (posteriorKey(state, grader) === null || hidden !== false) return null;
  const posterior = posteriorOf(state, grader);
  return posterior ? (posterior.fields?.mean ?? null) : "waiting";
}
