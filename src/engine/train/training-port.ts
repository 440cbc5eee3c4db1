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

/** The shown cases as the network draws them now. */
export interface Peek {
  /** Probabilities [16, size, size] of each case's samples. */
  readonly samples: readonly Float32Array[];
  /** Probabilities [PLANE², size, size] over each case's latent plane (`Training.planes`). */
  readonly planes: readonly Float32Array[];
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
  peek(): Promise<Peek>;
  /** Everything about the held-out cases; its step can be returned to. */
  look(): Promise<HeldOutLook>;
  /** Back to the weights and averages of a step that was looked at. @throws BadArgument: another step */
  back(step: number): Promise<void>;
  model(name: string): Promise<TrainedModel>;
  dispose(): void;
}
