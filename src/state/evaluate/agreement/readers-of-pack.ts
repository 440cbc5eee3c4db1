import type { Study, StudyFigures } from "../../../core/agreement/study-figures.ts";
import type { PackFacts } from "../pack-facts.ts";
import type { FailedCase } from "../slice.ts";

/** The readers of a pack among themselves. */
export interface ReadersOfPack {
  readonly pack: PackFacts;
  /** The pack's file. */
  readonly file: string;
  readonly study: Study;
  /** Of each case of the study its index in the pack. */
  readonly rows: readonly number[];
  /** Whether the pack itself names its readers as persons. */
  readonly persons: boolean;
  readonly figures: StudyFigures;
  /** In no figure. */
  readonly failed: readonly FailedCase[];
}
