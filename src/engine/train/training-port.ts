import type { ModelConfig } from "../../core/config/model-config.ts";
import type { HeldOutLook, StepFigures } from "../../core/training/held-out.ts";
import type { TrainingSettings } from "../../core/training/settings.ts";
import type { TrainingCase } from "../../core/training/training-case.ts";

export interface StartedTraining {
  /** What it runs on, in words. */
  readonly backend: string;
  /** How many numbers the network has. */
  readonly weights: number;
  /** The held-out cases that are shown. */
  readonly cases: readonly TrainingCase[];
}

export interface TrainedModel {
  readonly config: ModelConfig;
  readonly weights: Uint8Array;
}

/** A training somewhere else; every call is about the one that was started last. All throw WorkerLost, NoBackend. */
export interface TrainingPort {
  start(settings: TrainingSettings): Promise<StartedTraining>;
  /** One step. */
  advance(): Promise<StepFigures>;
  /** Probabilities [16, size, size] of the shown cases' samples. */
  peek(): Promise<readonly Float32Array[]>;
  look(): Promise<HeldOutLook>;
  model(name: string): Promise<TrainedModel>;
  dispose(): void;
}
