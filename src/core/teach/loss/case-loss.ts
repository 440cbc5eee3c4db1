import type { HeadMaps } from "../head-maps.ts";
import type { LinearHead } from "../linear-head.ts";
import type { SeenPixels } from "../seen-pixels.ts";
import type { TeachObjective } from "../settings.ts";
import type { TeachDraws } from "../teach-draws.ts";
import { drawnLogits, gradientInMaps } from "./drawn-logits.ts";
import { energyDistance, type SoftMasks } from "./energy-distance.ts";
import { sampleLikelihood } from "./sample-likelihood.ts";

/** What a step's draws of one case cost, and how that changes with the head's maps. */
export interface CaseLoss {
  readonly loss: number;
  /** The energy distance alone. */
  readonly energy: number;
  /** [K, P] */
  readonly gradient: Float32Array;
  /** In the gate's logit; 0 without a gate. */
  readonly gate: number;
}

/**
 * Energy distance + nll · multi-sample likelihood + presence · cross entropy of the gate against the share of masks
 * that are not empty (`loss_of` with the objective "energy" in models/training/objectives.py).
 */
export function caseLoss(
  head: LinearHead,
  seen: SeenPixels,
  maps: HeadMaps,
  draws: TeachDraws,
  masks: SoftMasks,
  objective: TeachObjective,
): CaseLoss {
  const presence = head.gate ? maps.presence : null;
  const drawn = drawnLogits(head, seen, maps, draws);
  const energy = energyDistance(drawn.logits, draws.count, masks, objective, presence);
  const nll = sampleLikelihood(drawn.logits, draws.count, masks, presence);
  const gate = presence === null ? { value: 0, slope: 0 } : presenceCrossEntropy(presence, masks);
  const inLogits = energy.gradient;
  for (let i = 0; i < inLogits.length; i++) {
    inLogits[i] = (inLogits[i] as number) + objective.nll * (nll.gradient[i] as number);
  }
  return {
    loss: energy.value + objective.nll * nll.value + objective.presence * gate.value,
    energy: energy.value,
    gradient: gradientInMaps(head, seen, draws, drawn, inLogits),
    gate: energy.gate + objective.nll * nll.gate + objective.presence * gate.slope,
  };
}

/** softplus(x) − x·k/G of the gate's logit x, k of G masks not empty. */
function presenceCrossEntropy(presence: number, { count, values }: SoftMasks): { value: number; slope: number } {
  const pixels = values.length / count;
  let drew = 0;
  for (let g = 0; g < count; g++) if (values.subarray(g * pixels, (g + 1) * pixels).some((one) => one > 0)) drew++;
  const share = drew / count;
  const value = Math.max(presence, 0) + Math.log1p(Math.exp(-Math.abs(presence))) - presence * share;
  return { value, slope: 1 / (1 + Math.exp(-presence)) - share };
}
