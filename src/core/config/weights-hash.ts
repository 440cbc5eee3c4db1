import type { ModelConfig } from "./model-config.ts";
import { sha256Hex } from "./sha256.ts";

/** What `session.json` names a model by: the sha256 of its weights file; of the files' hashes in a row where there are several. */
export function weightsHash({ weights }: Pick<ModelConfig, "weights">): string {
  const [first, ...others] = weights.map(({ sha256 }) => sha256);
  if (others.length === 0) return first ?? "";
  return sha256Hex(new TextEncoder().encode([first, ...others].join("")));
}
