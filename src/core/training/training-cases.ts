import { uniforms } from "../random/random.ts";
import type { TrainingSettings } from "./settings.ts";
import { type TrainingCase, trainingCase } from "./training-case.ts";

/** What a step of training sees: images and one grader's mask of each. */
export interface SimulatedBatch {
  readonly count: number;
  readonly size: number;
  /** [count, size, size] in [0, 1] */
  readonly images: Float32Array;
  /** [count, size, size] of 0 and 1 */
  readonly masks: Float32Array;
}

/** So many of the newest cases are drawn from: making one takes a fifth of a step, and each is seen in eight poses. */
const WINDOW = 256;
/** Cases that there are before the first step; one comes with each step. */
const FIRST = 32;
/** Held-out cases are numbered from here on: no training of this world comes so far. */
const HELD_OUT = 2 ** 40;
const STREAM = 51;

/** Simulated cases without end. The batch of a step hangs on (seed, step) alone: a resumed run equals an unbroken one. */
export class TrainingCases {
  readonly #made = new Map<number, TrainingCase>();
  readonly #settings: Pick<TrainingSettings, "seed" | "region" | "habits" | "onlyGrader">;

  constructor(settings: Pick<TrainingSettings, "seed" | "region" | "habits" | "onlyGrader">) {
    this.#settings = settings;
  }

  /** Step 0, 1, …: `count` cases in random poses, one random grader each (as the paper trains). */
  batch(step: number, count: number): SimulatedBatch {
    const { seed, region: size, onlyGrader } = this.#settings;
    const newest = FIRST + step;
    const oldest = Math.max(0, newest - WINDOW);
    for (const number of this.#made.keys()) if (number < oldest) this.#made.delete(number);
    const u = uniforms(seed, [STREAM, step], 3 * count);
    const images = new Float32Array(count * size * size);
    const masks = new Float32Array(count * size * size);
    for (let b = 0; b < count; b++) {
      const below = (i: number, n: number) => Math.floor((u[3 * b + i] as number) * n);
      const { image, masks: drawn } = this.#case(oldest + below(0, newest - oldest));
      const pose = below(1, 8);
      pour(image, images, b, size, pose);
      pour(drawn[onlyGrader ?? below(2, drawn.length)] as Uint8Array, masks, b, size, pose);
    }
    return { count, size, images, masks };
  }

  /** Case 0, 1, … of those that no batch holds. */
  heldOut(count: number): TrainingCase[] {
    return Array.from({ length: count }, (_, i) => this.#new(HELD_OUT + i));
  }

  #case(number: number): TrainingCase {
    const found = this.#made.get(number) ?? this.#new(number);
    this.#made.set(number, found);
    return found;
  }

  #new(number: number): TrainingCase {
    const { seed, region, habits } = this.#settings;
    return trainingCase(seed, number, region, habits);
  }
}

/** Picture `at` of `to`: mirrored by bit 1 of the pose, turned upside down by bit 2, its axes exchanged by bit 4. */
function pour(from: ArrayLike<number>, to: Float32Array, at: number, size: number, pose: number): void {
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [a, b] = pose & 4 ? [y, x] : [x, y];
      const column = pose & 1 ? size - 1 - a : a;
      const row = pose & 2 ? size - 1 - b : b;
      to[(at * size + y) * size + x] = from[row * size + column] as number;
    }
  }
}
