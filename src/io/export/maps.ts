import { latticeSizes } from "../../core/random/draws.ts";
import { portableExp } from "../../core/random/portable-math.ts";
import { concat } from "../bytes/concat.ts";
import { type ArrayToWrite, writeNpz } from "../numpy/npz-write.ts";
import { graderInRegion, type SampleExport } from "./input.ts";

/** `maps.npz`, all of the region: float32 maps, probabilities, what they were drawn from; int32 origin; u8 graders. */
export function mapsNpz(input: SampleExport): Uint8Array {
  const { count, width, height, probabilities } = input.samples;
  const { mean, variance, entropy, mutualInformation } = input.statistics;
  const latent = input.draws[0]?.z.length ?? 0;
  const prior = input.prior ?? { mean: new Float32Array(0), logSigma: new Float32Array(0) };
  const size = [height, width];
  const arrays: Record<string, ArrayToWrite> = {
    mean: { values: mean, shape: size },
    variance: { values: variance, shape: size },
    entropy: { values: entropy, shape: size },
    mutual_information: { values: mutualInformation, shape: size },
    probabilities: { values: probabilities, shape: [count, ...size] },
    z: {
      values: concat(
        Float32Array,
        input.draws.map((draw) => draw.z),
      ),
      shape: [count, latent],
    },
    prior_mean: { values: prior.mean, shape: [prior.mean.length] },
    prior_sigma: { values: prior.logSigma.map((logSigma) => portableExp(logSigma)), shape: [prior.logSigma.length] },
    origin: { values: Int32Array.from(input.origin), shape: [2] },
  };
  for (const [index, grid] of latticeSizes(width, height, input.fieldSpacings).entries()) {
    const values = concat(
      Float32Array,
      input.draws.map((draw) => draw.fields?.[index] ?? new Float32Array(grid.width * grid.height)),
    );
    const shape = [input.draws.length, grid.height, grid.width];
    arrays[`field_${input.fieldSpacings[index]}`] = { values, shape };
  }
  const [first] = input.draws;
  if (first?.u !== undefined) {
    arrays["u"] = { values: Float32Array.from(input.draws, ({ u }) => u as number), shape: [input.draws.length] };
  }
  if (first?.shift) {
    const values = Float32Array.from(input.draws.flatMap(({ shift }) => shift ?? [0, 0]));
    arrays["shift"] = { values, shape: [input.draws.length, 2] };
  }
  if (input.graders.length > 0) {
    const masks = input.graders.map((grader) => graderInRegion(input, grader).bits);
    arrays["graders"] = { values: concat(Uint8Array, masks), shape: [masks.length, ...size] };
  }
  return writeNpz(arrays);
}
