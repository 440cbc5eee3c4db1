import { GraderspaceError } from "../errors.ts";
import type { Text } from "../language/say.ts";
import { say } from "../language/say.ts";

/** Models that were bundled once, whose sessions and links are still about; and what came in their place. */
const RETIRED: ReadonlyMap<string, string> = new Map([["lidc-energy-fields", "lidc-energy-gate"]]);

/** ModelNotFound for a name that no model has; of a retired one it says that its weights are no longer here. */
export function noSuchModel(name: string, unknown: { readonly problem: Text; readonly remedy: Text }) {
  const successor = RETIRED.get(name);
  if (successor === undefined) return new GraderspaceError("ModelNotFound", { file: name, ...unknown });
  return new GraderspaceError("ModelNotFound", {
    file: name,
    problem: say`it was a bundled model once, and its weights are no longer here`,
    remedy: say`take ${successor}, which came in its place and draws otherwise, or open the folder of the old weights`,
  });
}
