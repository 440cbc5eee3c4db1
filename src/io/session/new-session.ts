import type { ModelConfig } from "../../core/config/model-config.ts";
import { weightsHash } from "../../core/config/weights-hash.ts";
import type { Slice } from "../../core/values/slice.ts";
import type { Session } from "./session.ts";

/** What a session is made from, on the page and in the command line alike. */
interface Made extends Omit<Session, "version" | "model" | "slice"> {
  readonly config: ModelConfig;
  readonly slice: Slice;
  /** Of the slice's values: float32 little-endian, row-major. */
  readonly sha256: string;
  readonly frame: number;
}

/** Names the model by its weights and the slice by its values: no file name and no patient tag goes in. */
export function newSession({ config, slice, sha256, frame, ...rest }: Made): Session {
  const { width, height, spacingMm, geometry } = slice;
  return {
    version: 1,
    model: { name: config.name, sha256: weightsHash(config) },
    slice: { sha256, width, height, frame, spacingMm, geometry },
    ...rest,
  };
}
