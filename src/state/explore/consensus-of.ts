import { graderShare, majority, staple } from "../../core/consensus/consensus.ts";
import type { Mask } from "../../core/values/slice.ts";

export interface GraderConsensus {
  readonly majority: Mask;
  /** P(lesion) by STAPLE, [H,W]. */
  readonly staple: Float32Array;
  /** Variance of their marks: share·(1 − share), in [0, .25]. */
  readonly variance: Float32Array;
}

export function consensusOf(masks: readonly Mask[]): GraderConsensus {
  return {
    majority: majority(masks),
    staple: staple(masks).probability,
    variance: graderShare(masks).map((share) => share * (1 - share)),
  };
}
