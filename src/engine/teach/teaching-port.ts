import type { ModelConfig } from "../../core/config/model-config.ts";
import type { MarkedCrop } from "../../core/measures/evaluate-case.ts";
import type { ModelFiles } from "../../core/network/model.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import type { FoldRecord, TeachEvent } from "../../core/teach/taught.ts";

/** A taught model as files. */
export interface TaughtFiles {
  readonly config: ModelConfig;
  readonly weights: readonly Uint8Array[];
  /** README.md */
  readonly card: string;
}

/** A teaching somewhere else; every call is about the one that was started last. All throw WorkerLost, NoBackend. */
export interface TeachingPort {
  /**
   * Loads the model; gives what it runs on, in words. `known`: folds that the same teaching finished another time.
   * @throws as `loadModel`; BadArgument: a head that cannot be taught
   */
  start(files: ModelFiles, settings: TeachSettings, known: readonly FoldRecord[]): Promise<string>;
  /** Hands over a case, and whose it is; null where it is not known. */
  add(marked: MarkedCrop, patient: string | null): Promise<void>;
  /** Works for a fifth of a second or one event, whichever takes longer; whoever does not ask again has paused it. */
  advance(): Promise<TeachEvent>;
  /** What all cases taught, under a name. @throws BadArgument before the teaching is done */
  model(name: string, cases: string): Promise<TaughtFiles>;
  dispose(): void;
}
