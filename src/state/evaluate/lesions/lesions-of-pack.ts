import type { Text } from "../../../core/language/say.ts";
import type { CohortFigures } from "../../../core/lesion/cohort/cohort-figures.ts";
import type { LesionsOfRows, SlicedLesion } from "../../../core/lesion/cohort/lesion-slices.ts";
import type { ReadLesion } from "../../../core/lesion/nodule-figures.ts";
import type { PackFacts } from "../pack-facts.ts";

/** Whose samples are held against the graders of lesions, as the person wants them. */
export interface LesionsWish {
  /** Name of a model; null: the page's. */
  readonly model: string | null;
  /** n: samples of a lesion, each one reader through all its slices. */
  readonly count: number;
  readonly seed: number;
}

/** Samples of a model as they were drawn. */
export interface LesionsDraw extends LesionsWish {
  /** Tells the draws of one pack apart. */
  readonly key: string;
  readonly model: string;
  readonly title: string;
  readonly threshold: number;
  readonly coupling: string;
}

/** A lesion with a slice that could not be read: in no figure. */
export interface FailedLesion {
  readonly lesion: SlicedLesion;
  readonly sentence: Text;
}

/** The lesions of a pack: the graders' sizes, and a model's where it was asked. */
export interface LesionsOfPack {
  readonly pack: PackFacts;
  /** What the pack lacks, with the way to one that has it; null where its cases name their lesions. */
  readonly why: Text | null;
  /** All that have a volume, and what was left out or counted once. */
  readonly found: LesionsOfRows;
  /** Those that every grader drew, of which the figures are. */
  readonly lesions: readonly SlicedLesion[];
  /** One per lesion. */
  readonly read: readonly ReadLesion[];
  readonly failed: readonly FailedLesion[];
  readonly drawn: LesionsDraw | null;
  readonly figures: CohortFigures;
}
