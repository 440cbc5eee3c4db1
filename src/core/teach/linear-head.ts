import type { ModelConfig } from "../config/model-config.ts";
import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";

/** A head without f_comb: all its layers are 1×1 and linear in what they read, one map each. */
export interface LinearHead {
  readonly latent: number;
  readonly fieldSpacings: readonly number[];
  readonly fieldScale: number;
  readonly envelope: boolean;
  /** σ in px by which a whole sample lies off; 0: none does. */
  readonly shift: number;
  readonly gate: boolean;
}

/**
 * The head of a model that can be taught. @throws GraderspaceError BadArgument: another family, or a head with f_comb,
 * whose hidden layers would have to be run for every draw
 */
export function linearHeadOf({ title, family, architecture }: ModelConfig): LinearHead {
  const { head, latent } = architecture;
  if (family === "prob-unet" && !head.comb && head.factor > 0) {
    const { fields: fieldSpacings, fieldScale, envelope, shift = 0, presence } = head;
    return { latent, fieldSpacings, fieldScale, envelope, shift, gate: presence === "gate" };
  }
  const problem = say`the head of ${title} cannot be taught here: that takes a mean map, a factor and no f_comb`;
  throw new GraderspaceError("BadArgument", { problem, remedy: say`teach a model such as lidc-energy-gate` });
}

/** Where each map stands among the K maps of a head: mean, factor (L), amplitudes (S), envelope. */
export interface MapPlaces {
  readonly mean: 0;
  readonly factor: 1;
  readonly amplitude: number;
  /** −1 where there is none. */
  readonly top: number;
  /** K */
  readonly count: number;
}

export function mapPlaces({ latent, fieldSpacings, envelope }: LinearHead): MapPlaces {
  const amplitude = 1 + latent;
  const top = amplitude + fieldSpacings.length;
  return { mean: 0, factor: 1, amplitude, top: envelope ? top : -1, count: envelope ? top + 1 : top };
}
