import type { PlainError } from "../../../core/errors.ts";
import type { Text } from "../../../core/language/say.ts";

/** Work in flight. `progress` in [0, 1]; null where it cannot be told. */
export interface Job {
  readonly progress: number | null;
  /** What is being done, for people: "Loading the model". */
  readonly what: Text;
}

export type JobName =
  | "model"
  | "case"
  | "encode"
  | "samples"
  | "plane"
  | "modes"
  | "ends"
  | "effects"
  | "posterior"
  | "whole"
  | "lesion"
  | "reader"
  | "evaluate"
  | "agreement"
  | "lesions"
  | "inside"
  | "teach"
  | "export"
  | "open"
  | "archive"
  /** One column of the comparison, by its model. */
  | `compare:${string}`;

/** A failure and the inputs it belongs to, so that the same inputs are not tried again and again. */
export interface Failure {
  readonly key: string;
  readonly error: PlainError;
}
