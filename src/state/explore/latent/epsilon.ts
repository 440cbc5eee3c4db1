import { type Epsilon, epsilonFor } from "../../../core/random/draws.ts";
import type { State } from "../../app/shape.ts";

/** The normals of sample `index`; frozen fields are those of their own seed. */
export function epsilonOf(state: State, index: number): Epsilon | null {
  const model = state.model?.value;
  if (!model?.head) return null;
  const { head } = model;
  const { size } = model.config.preprocessing;
  const { seed, draw, fields, order } = state.intent;
  const of = (from: number) => epsilonFor(from, draw, index, head, size, size, order);
  const own = of(seed);
  if (fields.frozenSeed === null || fields.frozenSeed === seed || own.fields.length === 0) return own;
  return { ...own, fields: of(fields.frozenSeed).fields };
}
