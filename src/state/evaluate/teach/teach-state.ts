import type { PlainError } from "../../../core/errors.ts";
import type { Text } from "../../../core/language/say.ts";
import { DEFAULT_TEACHING, type TeachDepth } from "../../../core/teach/settings.ts";
import type { FoldResult, Taught } from "../../../core/teach/taught.ts";
import type { PackFacts } from "../pack-facts.ts";
import type { FailedCase } from "../slice.ts";
import type { LeftTeaching } from "./kept-teachings.ts";

/** The next run, and what is kept of those before it. */
interface BeforeRun {
  /** How far down the next run reaches. */
  readonly depth: TeachDepth;
  /** Folds that are kept of the same run, of pack, model and depth as they are chosen. */
  readonly keptFolds: number;
  /** Runs that were left, of packs that are not open. */
  readonly elsewhere: readonly LeftTeaching[];
  /** Folds cannot be kept here: a reload loses them. */
  readonly keepsNothing: boolean;
}

/** The run that is on, or that was on last. */
interface RunSoFar {
  readonly stage: "idle" | "running" | "paused";
  /** What a run is or was of. */
  readonly asked: { readonly pack: PackFacts; readonly model: string; readonly title: string } | null;
  /** What is being done, for people. */
  readonly what: Text;
  /** Of all the work, in [0, 1]. */
  readonly share: number;
  /** What it runs on, in words; empty until the worker answers. */
  readonly runsOn: string;
  readonly folds: readonly FoldResult[];
  readonly folding: number;
  readonly failed: readonly FailedCase[];
  readonly taught: Taught | null;
  /** Under which name what was taught is in the menu of models; null: it is not. */
  readonly keptAs: string | null;
  readonly stopped: PlainError | null;
}

export interface TeachState extends BeforeRun, RunSoFar {}

export const NOTHING_YET: RunSoFar = {
  stage: "idle",
  asked: null,
  what: "",
  share: 0,
  runsOn: "",
  folds: [],
  folding: DEFAULT_TEACHING.folds,
  failed: [],
  taught: null,
  keptAs: null,
  stopped: null,
};

export const FIRST_TEACHING: TeachState = {
  ...NOTHING_YET,
  ...{ depth: "head", keptFolds: 0, elsewhere: [], keepsNothing: false },
};
