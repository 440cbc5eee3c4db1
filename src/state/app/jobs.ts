import { type PlainError, toPlain } from "../../core/errors.ts";

/** Work in flight. `progress` in [0, 1]; null where it cannot be told. */
export interface Job {
  readonly progress: number | null;
  /** What is being done, for people: "Loading the model". */
  readonly what: string;
}

export type JobName =
  | "model"
  | "case"
  | "encode"
  | "samples"
  | "plane"
  | "modes"
  | "ends"
  | "posterior"
  | "whole"
  | "evaluate"
  | "export"
  | "open"
  /** One column of the comparison, by its model. */
  | `compare:${string}`;

/** What a person is told: a sentence that goes by itself (`status`), or one that stays until it is closed (`alert`). */
export interface Notice {
  readonly id: number;
  readonly kind: "status" | "alert";
  readonly text: string;
}

/** A failure and the inputs it belongs to, so that the same inputs are not tried again and again. */
export interface Failure {
  readonly key: string;
  readonly error: PlainError;
}

/** What a person reads of anything thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error && error.name === "GraderspaceError") return error.message;
  const plain = toPlain(error);
  return `Something went wrong: ${plain.facts.problem}; reload the page if it happens again.`;
}
