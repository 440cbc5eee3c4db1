import type { Architecture } from "../../core/config/model-config.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { normals } from "../../core/random/random.ts";

/** One tensor of the network and its place in the flat vector of all numbers. */
export interface Part {
  /** PyTorch's name: "unet.down.0.0.weight". */
  readonly name: string;
  /** Weights [k, k, inputs, outputs], biases [outputs]. */
  readonly shape: readonly number[];
  readonly from: number;
  readonly length: number;
}

export interface Layout {
  readonly parts: readonly Part[];
  readonly length: number;
}

/**
 * The tensors of the paper's network (U-Net, prior net, posterior net, f_comb) in PyTorch's order. @throws
 * GraderspaceError BadArgument: a head that is not the paper's
 */
export function layoutOf(architecture: Architecture): Layout {
  const { channels, convsPerBlock, latent, combHidden, head, prior, posterior } = architecture;
  const paper = head.comb && head.factor === 0 && head.fields.length === 0 && !head.envelope;
  if (!paper || prior !== "net" || posterior !== "net") {
    const problem = say`only the paper's head is trained here: comb, prior net and posterior net, and nothing else`;
    throw new GraderspaceError("BadArgument", { problem, remedy: say`train other heads with models/training` });
  }
  const parts: Part[] = [];
  let length = 0;
  const add = (name: string, shape: readonly number[]) => {
    const size = shape.reduce((product, side) => product * side, 1);
    parts.push({ name, shape, from: length, length: size });
    length += size;
  };
  const conv = (name: string, inputs: number, outputs: number, side: number) => {
    add(`${name}.weight`, [side, side, inputs, outputs]);
    add(`${name}.bias`, [outputs]);
  };
  const block = (name: string, inputs: number, outputs: number) => {
    for (let i = 0; i < convsPerBlock; i++) conv(`${name}.${2 * i}`, i === 0 ? inputs : outputs, outputs, 3);
  };
  const down = (name: string, inputs: number) => {
    for (const [k, outputs] of channels.entries()) block(`${name}.down.${k}`, channels[k - 1] ?? inputs, outputs);
  };
  const width = channels[0] as number;
  down("unet", 1);
  for (const [k, outputs] of channels.slice(0, -1).entries()) {
    block(`unet.up.${k}`, outputs + (channels[k + 1] as number), outputs);
  }
  for (const [name, inputs] of [
    ["prior", 1],
    ["posterior", 2],
  ] as const) {
    down(name, inputs);
    conv(`${name}.head`, channels.at(-1) as number, 2 * latent, 1);
  }
  conv("comb.0", width + latent, width, 1);
  for (let i = 1; i <= combHidden; i++) conv(`comb.${2 * i}`, width, i === combHidden ? 1 : width, 1);
  return { parts, length };
}

/**
 * Weights to start from, the same on every machine: normal with variance 2 / fan-in before a ReLU (He et al. 2015),
 * 1 / fan-in before the Gaussians' heads and the logit; biases 0.
 */
export function startingWeights({ parts, length }: Layout, seed: number): Float32Array {
  const weights = new Float32Array(length);
  const last = parts.findLast(({ name }) => name.endsWith(".weight"));
  for (const [index, part] of parts.entries()) {
    const { name, shape, from, length: count } = part;
    if (!name.endsWith(".weight")) continue;
    const outputs = shape.at(-1) as number;
    const linear = name.endsWith(".head.weight") || part === last;
    const scale = Math.sqrt(((linear ? 1 : 2) * outputs) / count);
    const drawn = normals(seed, [STREAM_WEIGHTS, index], count);
    for (let i = 0; i < count; i++) weights[from + i] = scale * (drawn[i] as number);
  }
  return weights;
}

const STREAM_WEIGHTS = 31;

/** [side, side, inputs, outputs] → PyTorch's [outputs, inputs, side, side]; a bias stays. */
export function asPyTorch({ shape }: Part, values: Float32Array): { shape: number[]; values: Float32Array } {
  const [side = 0, , inputs = 0, outputs = 0] = shape;
  if (shape.length === 1) return { shape: [...shape], values: values.slice() };
  const area = side * side;
  const stored = new Float32Array(values.length);
  for (let at = 0; at < area; at++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        stored[(o * inputs + i) * area + at] = values[(at * inputs + i) * outputs + o] as number;
      }
    }
  }
  return { shape: [outputs, inputs, side, side], values: stored };
}

/** A filter [side, side, inputs, outputs] turned by 180°, its channels exchanged: [side, side, outputs, inputs]. */
export function turnedFilter({ shape }: Part, values: Float32Array): Float32Array {
  const [side = 0, , inputs = 0, outputs = 0] = shape;
  const turned = new Float32Array(values.length);
  const area = side * side;
  for (let at = 0; at < area; at++) {
    const [from, to] = [at * inputs * outputs, (area - 1 - at) * inputs * outputs];
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) turned[to + o * inputs + i] = values[from + i * outputs + o] as number;
    }
  }
  return turned;
}
