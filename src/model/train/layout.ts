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
  const { channels, latent, combHidden, head, prior, posterior } = architecture;
  const paper = head.comb && head.factor === 0 && head.fields.length === 0 && !head.envelope;
  if (!paper || prior !== "net" || posterior !== "net") {
    const problem = say`only the paper's head is trained here: comb, prior net and posterior net, and nothing else`;
    throw new GraderspaceError("BadArgument", { problem, remedy: say`train other heads with models/training` });
  }
  const growing = new GrowingLayout();
  const width = channels[0] as number;
  addDown(growing, "unet", 1, architecture);
  for (const k of channels.slice(0, -1).keys()) addUp(growing, k, architecture);
  for (const [name, inputs] of [
    ["prior", 1],
    ["posterior", 2],
  ] as const) {
    addDown(growing, name, inputs, architecture);
    growing.conv(`${name}.head`, channels.at(-1) as number, 2 * latent, 1);
  }
  growing.conv("comb.0", width + latent, width, 1);
  for (let i = 1; i <= combHidden; i++) growing.conv(`comb.${2 * i}`, width, i === combHidden ? 1 : width, 1);
  return growing.layout;
}

/** The tensors of the U-Net alone, whatever its head: of its last block, or of all blocks. */
export function unetLayout(architecture: Architecture, depth: "block" | "all"): Layout {
  const growing = new GrowingLayout();
  if (depth === "all") addDown(growing, "unet", 1, architecture);
  const levels = depth === "all" ? architecture.channels.length - 1 : 1;
  for (let k = 0; k < levels; k++) addUp(growing, k, architecture);
  return growing.layout;
}

class GrowingLayout {
  readonly #parts: Part[] = [];
  #length = 0;

  get layout(): Layout {
    return { parts: this.#parts, length: this.#length };
  }

  conv(name: string, inputs: number, outputs: number, side: number): void {
    this.#add(`${name}.weight`, [side, side, inputs, outputs]);
    this.#add(`${name}.bias`, [outputs]);
  }

  #add(name: string, shape: readonly number[]): void {
    const length = shape.reduce((product, side) => product * side, 1);
    this.#parts.push({ name, shape, from: this.#length, length });
    this.#length += length;
  }
}

function addBlock(growing: GrowingLayout, name: string, inputs: number, outputs: number, convs: number): void {
  for (let i = 0; i < convs; i++) growing.conv(`${name}.${2 * i}`, i === 0 ? inputs : outputs, outputs, 3);
}

function addDown(
  growing: GrowingLayout,
  name: string,
  inputs: number,
  { channels, convsPerBlock }: Architecture,
): void {
  for (const [k, outputs] of channels.entries()) {
    addBlock(growing, `${name}.down.${k}`, channels[k - 1] ?? inputs, outputs, convsPerBlock);
  }
}

function addUp(growing: GrowingLayout, k: number, { channels, convsPerBlock }: Architecture): void {
  const [outputs, below] = [channels[k], channels[k + 1]] as [number, number];
  addBlock(growing, `unet.up.${k}`, outputs + below, outputs, convsPerBlock);
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

/** The inverse of `asPyTorch`: [outputs, inputs, side, side] → [side, side, inputs, outputs]; a bias stays. */
export function fromPyTorch({ shape }: Part, stored: Float32Array): Float32Array {
  const [side = 0, , inputs = 0, outputs = 0] = shape;
  if (shape.length === 1) return stored.slice();
  const area = side * side;
  const values = new Float32Array(stored.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let at = 0; at < area; at++) {
        values[(at * inputs + i) * outputs + o] = stored[(o * inputs + i) * area + at] as number;
      }
    }
  }
  return values;
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
