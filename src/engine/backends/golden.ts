import { GraderspaceError } from "../../core/errors.ts";
import type { Encoding } from "../../core/network/encoding.ts";
import type { Golden } from "../engine.ts";

/** A backend passes when max|Δ| ≤ 1e-3 · max|reference| (formats.md). */
const TOLERANCE = 1e-3;

function tensorOf(golden: Golden, name: string): Float32Array | null {
  const tensor = golden.tensors[name];
  if (tensor === undefined) return null;
  const bytes = 4 * tensor.shape.reduce((product, side) => product * side, 1);
  const { values } = golden;
  if (tensor.offset + bytes > values.length) {
    throw new GraderspaceError("ModelTruncated", { problem: `the golden values end before ${name} does` });
  }
  return new Float32Array(values.slice(tensor.offset, tensor.offset + bytes).buffer);
}

/** The input [size, size] that the golden values belong to. */
export function goldenInput(golden: Golden): { readonly size: number; readonly values: Float32Array } {
  const values = tensorOf(golden, "input");
  const size = golden.tensors["input"]?.shape[0];
  if (values === null || size === undefined) {
    throw new GraderspaceError("ModelMissingTensor", { problem: "the golden values have no input" });
  }
  return { size, values };
}

/** The first part of an encoding that is not what PyTorch got, as a clause; null where all are. */
export function goldenProblem(golden: Golden, encoding: Encoding): string | null {
  const parts: readonly [string, Float32Array | undefined][] = [
    ["base", encoding.base],
    ["factor", encoding.factor],
    ["amplitude", encoding.amplitude],
    ["top", encoding.top],
    ["prior_mean", encoding.prior.mean],
    ["prior_log_sigma", encoding.prior.logSigma],
  ];
  for (const [name, values] of parts) {
    const reference = tensorOf(golden, name);
    if (reference === null || values === undefined) continue;
    const off = furthest(values, reference);
    if (!(off <= TOLERANCE))
      return `its ${name} of the golden input is off by ${off.toPrecision(2)} of the largest value`;
  }
  return null;
}

/** max|Δ| / max|reference|; NaN counts as off. */
function furthest(values: Float32Array, reference: Float32Array): number {
  if (values.length !== reference.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  let off = 0;
  for (let i = 0; i < reference.length; i++) {
    const expected = reference[i] as number;
    const difference = Math.abs((values[i] as number) - expected);
    if (!(difference <= off)) off = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    largest = Math.max(largest, Math.abs(expected));
  }
  return largest === 0 ? off : off / largest;
}
