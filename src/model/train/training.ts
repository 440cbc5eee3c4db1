import { isLive } from "../../core/config/model-config.ts";
import { normals } from "../../core/random/random.ts";
import {
  compareHeldOut,
  effectOf,
  type HeldOutFigures,
  type HeldOutLook,
  maskAt,
  type StepFigures,
} from "../../core/training/held-out.ts";
import { architectureOf, rateAt, type TrainingSettings } from "../../core/training/settings.ts";
import type { TrainingCase } from "../../core/training/training-case.ts";
import { TrainingCases } from "../../core/training/training-cases.ts";
import type { Checkpoint } from "./adam.ts";
import { type PlainBatch, TrainedNetwork } from "./trained-network.ts";

/** Held-out cases that every figure is of, and samples of each. */
const HELD_OUT = 32;
const SAMPLES = 16;
/** How far from the prior's mean an axis is tried. */
const SIGMAS = 2;
const STREAM = { noise: 61, heldOut: 62, samples: 63 };

/** One training from scratch: step by step, on the backend that is current. */
export class Training {
  readonly settings: TrainingSettings;
  readonly network: TrainedNetwork;
  readonly heldOut: readonly TrainingCase[];
  readonly #cases: TrainingCases;

  /** @throws GraderspaceError BadArgument: a checkpoint of another network */
  constructor(settings: TrainingSettings, from?: Checkpoint) {
    this.settings = settings;
    this.network = new TrainedNetwork(architectureOf(settings), settings.seed, from);
    this.#cases = new TrainingCases(settings);
    this.heldOut = this.#cases.heldOut(HELD_OUT);
  }

  /** Steps taken. */
  get step(): number {
    return this.network.checkpoint.step;
  }

  /** Takes one step; its figures are of before the weights moved. */
  async advance(): Promise<StepFigures> {
    const { seed, batch, axes } = this.settings;
    const { step } = this;
    const noise = normals(seed, [STREAM.noise, step], batch * axes);
    return this.network.train({ ...this.#cases.batch(step, batch), noise }, this.settings, rateAt(this.settings, step));
  }

  /** Probabilities [16, size, size] of the samples of the first held-out cases: a sixteenth of a look's work. */
  async peek(shown: number): Promise<readonly Float32Array[]> {
    const { region, latent, axes } = this.settings;
    const images = this.#images().subarray(0, shown * region ** 2);
    const draws = this.#draws().map((noise) => noise.subarray(0, shown * axes));
    const all = await this.network.sample(images, region, draws, latent);
    const pixels = SAMPLES * region ** 2;
    return Array.from({ length: shown }, (_, i) => all.slice(i * pixels, (i + 1) * pixels));
  }

  /**
   * The latent plane of the first held-out cases: probabilities [side², size, size] at the prior's mean plus −2σ … 2σ
   * on the first axis (columns, to the right) and on the second one (rows, upwards), the others at the mean.
   */
  async planes(shown: number, side: number): Promise<readonly Float32Array[]> {
    const { region, latent, axes } = this.settings;
    const images = this.#images().subarray(0, shown * region ** 2);
    const sigma = (k: number) => -SIGMAS + (2 * SIGMAS * k) / (side - 1);
    const places = Array.from({ length: side * side }, (_, at) => {
      const noise = new Float32Array(shown * axes);
      for (let i = 0; i < shown; i++) {
        noise[i * axes] = sigma(at % side);
        if (axes > 1) noise[i * axes + 1] = sigma(side - 1 - Math.floor(at / side));
      }
      return noise;
    });
    const all = await this.network.sample(images, region, places, latent);
    const pixels = side * side * region ** 2;
    return Array.from({ length: shown }, (_, i) => all.slice(i * pixels, (i + 1) * pixels));
  }

  /** Everything about the held-out cases, with the samples of the first `shown` of them. */
  async look(shown: number): Promise<HeldOutLook> {
    const { region, latent, habits } = this.settings;
    const { crossEntropy, kl } = await this.network.measure(this.#heldOutBatch(), this.settings);
    const probabilities = await this.network.sample(this.#images(), region, this.#draws(), latent);
    const pixels = SAMPLES * region * region;
    const each = this.heldOut.map((_, i) => probabilities.subarray(i * pixels, (i + 1) * pixels));
    const masks = each.map((one) => Array.from({ length: SAMPLES }, (_, n) => maskAt(one, n, region)));
    const names = habits.map(({ name }) => name);
    const compared = compareHeldOut(this.heldOut, masks, names);
    const figures = { step: this.step, crossEntropy, kl, effect: await this.#effect(), ...compared };
    return { figures, samples: each.slice(0, shown).map((one) => one.slice()) };
  }

  #images(): Float32Array {
    const size = this.settings.region ** 2;
    const images = new Float32Array(this.heldOut.length * size);
    for (const [i, { image }] of this.heldOut.entries()) images.set(image, i * size);
    return images;
  }

  /** Standard normals of sample n for all held-out cases at once: [16] of [32, L]. */
  #draws(): Float32Array[] {
    const { seed, axes } = this.settings;
    return Array.from({ length: SAMPLES }, (_, n) => normals(seed, [STREAM.samples, n], HELD_OUT * axes));
  }

  /** One grader a case, in turn. */
  #heldOutBatch(): PlainBatch {
    const { seed, region, axes } = this.settings;
    const size = region * region;
    const masks = new Float32Array(HELD_OUT * size);
    for (const [i, one] of this.heldOut.entries()) masks.set(one.masks[i % one.masks.length] as Uint8Array, i * size);
    const noise = normals(seed, [STREAM.heldOut], HELD_OUT * axes);
    return { count: HELD_OUT, size: region, images: this.#images(), masks, noise };
  }

  async #effect(): Promise<Float32Array> {
    const { axes, region, latent } = this.settings;
    const ends = Array.from({ length: 2 * axes }, (_, k) => {
      const noise = new Float32Array(HELD_OUT * axes);
      for (let i = 0; i < HELD_OUT; i++) noise[i * axes + (k >> 1)] = k % 2 === 0 ? -SIGMAS : SIGMAS;
      return noise;
    });
    const probabilities = await this.network.sample(this.#images(), region, ends, latent);
    const at = (i: number, k: number) => maskAt(probabilities, i * 2 * axes + k, region);
    return Float32Array.from({ length: axes }, (_, k) =>
      effectOf(this.heldOut.map((_, i) => [at(i, 2 * k), at(i, 2 * k + 1)])),
    );
  }
}

/** How many axes do something: KL ≥ .1 nats and effect ≥ .05 on the held-out cases. */
export function liveAxes({ kl, effect }: Pick<HeldOutFigures, "kl" | "effect">): number {
  return [...kl].filter((nats, k) => isLive({ kl: nats, effect: effect[k] as number })).length;
}
