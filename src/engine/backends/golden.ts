import type { Choice } from "../../core/config/model-config.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Encoding } from "../../core/network/encoding.ts";
import { sigmoid } from "../../core/network/logits.ts";
import type { Golden, Model, ModelFiles, Prepared } from "../../core/network/model.ts";
import type { Choices } from "../../core/random/choices.ts";

/** A backend passes when max|Δ| ≤ 1e-3 · max|reference| (formats.md). */
const TOLERANCE = 1e-3;

function tensorOf(golden: Golden, name: string): Float32Array | null {
  const tensor = golden.tensors[name];
  if (tensor === undefined) return null;
  const bytes = 4 * tensor.shape.reduce((product, side) => product * side, 1);
  const { values } = golden;
  if (tensor.offset + bytes > values.length) {
    throw new GraderspaceError("ModelTruncated", { problem: say`the golden values end before ${name} does` });
  }
  return new Float32Array(values.slice(tensor.offset, tensor.offset + bytes).buffer);
}

/** The model without its chance, where PyTorch's values are of that: all of a dropout network. Null where they are not. */
export function wholeNetwork({ config, weights }: ModelFiles): ModelFiles | null {
  if (config.architecture.dropout === undefined) return null;
  return { config: { ...config, architecture: { ...config.architecture, dropout: 0 } }, weights };
}

/** The first part of what the model makes of the input that is not what PyTorch got, as a clause; null where all are. */
export async function goldenProblem(golden: Golden, model: Model): Promise<Text | null> {
  const values = tensorOf(golden, "input");
  const size = golden.tensors["input"]?.shape[0];
  if (values === null || size === undefined) {
    throw new GraderspaceError("ModelMissingTensor", { problem: say`the golden values have no input` });
  }
  const prepared = await model.prepare({ size, values, origin: [0, 0], constant: false });
  const parts = prepared.encoding ? partsOf(prepared.encoding) : [await samplesOf(golden, model, prepared)];
  for (const { name, found, reference } of parts) {
    const expected = reference ?? tensorOf(golden, name);
    if (expected === null || found === undefined) continue;
    const off = furthest(found, expected);
    if (!(off <= TOLERANCE))
      return say`its ${name} of the golden input is off by ${off.toPrecision(2)} of the largest value`;
  }
  return null;
}

interface Part {
  readonly name: string;
  readonly found: Float32Array | undefined;
  /** Where it is not the golden tensor of that name. */
  readonly reference?: Float32Array;
}

function partsOf({ base, factor, amplitude, top, presence, prior }: Encoding): Part[] {
  return [
    { name: "base", found: base },
    { name: "factor", found: factor },
    { name: "amplitude", found: amplitude },
    { name: "top", found: top },
    { name: "presence", found: presence === undefined ? undefined : Float32Array.of(presence) },
    { name: "prior_mean", found: prior.mean },
    { name: "prior_log_sigma", found: prior.logSigma },
  ];
}

/** P(lesion) where the golden logits [N, H, W] are: of the z they name, else of the first N members, heads or passes. */
async function samplesOf(golden: Golden, model: Model, prepared: Prepared): Promise<Part> {
  const reference = tensorOf(golden, "logits")?.map(sigmoid);
  const name = "samples";
  if (reference === undefined) return { name, found: undefined };
  const first = Array.from({ length: golden.tensors["logits"]?.shape[0] ?? 0 }, (_, n) => n);
  const { samples } = await model.draw(prepared, choicesOf(golden, model.choice, first), { samples: true });
  return { name, found: samples?.probabilities, reference };
}

function choicesOf(golden: Golden, kind: Choice, first: readonly number[]): Choices {
  if (kind === "seed") return { kind, seeds: first };
  if (kind !== "z") return { kind, indices: first };
  const all = tensorOf(golden, "z") ?? new Float32Array(0);
  const latent = all.length / first.length;
  return { kind, draws: first.map((n) => ({ z: all.slice(n * latent, (n + 1) * latent) })) };
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
