import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "../core/config/model-config.ts";
import type { Gaussian, HeadWeights } from "../core/network/encoding.ts";
import type { Crop } from "../core/values/region.ts";
import type { Mask } from "../core/values/slice.ts";
import {
  block,
  type Conv,
  convolve,
  convolveOnto,
  double,
  halve,
  loadBlock,
  loadConv,
  loadConvPart,
  loadDense,
  owned,
  readBack,
} from "./layers.ts";
import type { Parameters } from "./parameters.ts";
import { loadPresence, type PresenceBranch, presenceNumbers } from "./presence.ts";

// The Probabilistic U-Net (Kohl et al. 2018) with the general head:
//   logits(z) = comb(base + W_z z) + factor·z + Σ_s amplitude_s · upsample(field_s), under top
// Everything here is made once per image. What follows a choice of z is the decoder's, in core, gpu and wasm.

/** A block whose first convolution reads the skip and the picture from below, side by side on the channels. */
export interface UpBlock {
  /** The first convolution's part for the skip, with its bias. */
  readonly skip: Conv;
  /** … and its part for the picture from below. */
  readonly below: Conv;
  readonly rest: readonly Conv[];
}

export interface UNet {
  /** One block per level, the largest picture first. */
  readonly down: readonly Conv[][];
  /** One block per level but the lowest, the largest picture first. */
  readonly up: readonly UpBlock[];
}

/** An encoder that ends in a Gaussian: the prior net P(z | image), and the posterior net Q(z | image, mask). */
export interface GaussianNet {
  readonly down: readonly Conv[][];
  /** 1×1, C → 2L: the means, then the logs of the standard deviations. */
  readonly head: Conv;
}

/** The 1×1 convolutions that make the maps of an `Encoding` from the features. */
interface HeadMaps {
  readonly base: Conv;
  readonly factor: Conv | null;
  readonly amplitude: Conv | null;
  readonly top: Conv | null;
}

export interface ProbUNet {
  readonly architecture: Architecture;
  readonly unet: UNet;
  readonly prior: GaussianNet | null;
  readonly posterior: GaussianNet | null;
  readonly maps: HeadMaps;
  readonly head: HeadWeights;
  /** Null without a gate. */
  readonly presence: PresenceBranch | null;
}

/** Image [B, H, W, inputs], H and W divisible by 2^(levels − 1) → features [B, H, W, C0]. No 1×1 at its end. */
export function unetFeatures(image: tf.Tensor4D, net: UNet, upsample: Architecture["upsample"]): tf.Tensor4D {
  return tf.tidy(() => unetEnds(image, net, upsample).features);
}

/** Is shown each block's map as it is made; what it wants to keep it clones, for the map is freed when it is spent. */
export type See = (map: tf.Tensor4D) => void;

/**
 * … and the innermost map [B, H/2^k, W/2^k, Ck] beside the features, the last of the way down. `see`: the maps down, the
 * largest first, then those up, the smallest first.
 */
export function unetEnds(
  image: tf.Tensor4D,
  net: UNet,
  upsample: Architecture["upsample"],
  see: See = () => undefined,
) {
  return owned(() => {
    const skips: tf.Tensor4D[] = [];
    let x = image; //                                             [B, H, W, inputs]
    for (const [k, convs] of net.down.entries()) {
      const above = x;
      x = tf.tidy(() => block(k === 0 ? above : halve(above), convs)); // [B, H/2^k, W/2^k, C_k]
      skips.push(x);
      see(x);
    }
    const innermost = x;
    for (let k = net.up.length - 1; k >= 0; k--) {
      const skip = skips[k] as tf.Tensor4D; //                    [B, H/2^k, W/2^k, C_k]
      const below = x; //                                         [B, H/2^(k+1), W/2^(k+1), C_(k+1)]
      x = tf.tidy(() => upBlock(skip, double(below, upsample), net.up[k] as UpBlock)); // [B, H/2^k, W/2^k, C_k]
      see(x);
      // the backend's memory only grows: a large picture must not keep what is spent
      tf.dispose(below === innermost ? skip : [skip, below]);
    }
    return { features: x, innermost }; //                         [B, H, W, C0]
  });
}

/**
 * W·[skip, below] = W_skip·skip + W_below·below: two convolutions and a sum cost less than putting the channels side
 * by side first, which the wasm backend does pixel by pixel.
 */
export function upBlock(skip: tf.Tensor4D, below: tf.Tensor4D, { rest, ...first }: UpBlock): tf.Tensor4D {
  return tf.tidy(() => {
    const both = convolveOnto(convolve(skip, first.skip, "linear"), below, first.below); // [B, h, w, C_k]
    return block(both, rest); //                                  [B, h, w, C_k]
  });
}

/** Picture [B, H, W, inputs] → [B, 2L]: the means, then the logs of the standard deviations. `see`: the largest map first. */
export function gaussianOf(picture: tf.Tensor4D, net: GaussianNet, see: See = () => undefined): tf.Tensor2D {
  return tf.tidy(() => {
    let x = picture; //                                           [B, H, W, inputs]
    for (const [k, convs] of net.down.entries()) {
      const spent = x;
      x = tf.tidy(() => block(k === 0 ? spent : halve(spent), convs)); // [B, H/2^k, W/2^k, C_k]
      see(x);
      if (spent !== picture) spent.dispose();
    }
    const mean = tf.mean(x, [1, 2], true) as tf.Tensor4D; //      [B, 1, 1, C_last]
    const both = convolve(mean, net.head, "linear"); //           [B, 1, 1, 2L]
    return tf.reshape(both, [both.shape[0], both.shape[3]]); //   [B, 2L]
  });
}

/** Reads Gaussians [G, 2L] back and frees them. */
export async function readGaussians(both: tf.Tensor2D): Promise<Gaussian[]> {
  const [count, columns] = both.shape;
  const latent = columns / 2;
  const values = await readBack(both);
  return Array.from({ length: count }, (_, g) => {
    const at = g * columns;
    return { mean: values.slice(at, at + latent), logSigma: values.slice(at + latent, at + columns) };
  });
}

/**
 * What the posterior net sees: image and mask − offset side by side, [G, H, W, 2]. Interleaved here, because putting
 * channels side by side costs the wasm backend more than a convolution.
 */
export function posteriorInput({ values, size }: Crop, masks: readonly Mask[], offset: number): tf.Tensor4D {
  const pixels = size * size;
  const pairs = new Float32Array(2 * masks.length * pixels);
  for (const [g, { bits }] of masks.entries()) {
    for (let i = 0; i < pixels; i++) {
      pairs[2 * (g * pixels + i)] = values[i] as number;
      pairs[2 * (g * pixels + i) + 1] = (bits[i] as number) - offset;
    }
  }
  return tf.tensor4d(pairs, [masks.length, size, size, 2]);
}

/** The maps of an `Encoding`, as tensors that the caller owns. */
export interface EncodedMaps {
  /** [1, H, W, C]; without comb [1, H, W, 1] */
  readonly base: tf.Tensor4D;
  /** [1, H, W, L] */
  readonly factor?: tf.Tensor4D;
  /** [1, H, W, S], positive */
  readonly amplitude?: tf.Tensor4D;
  /** [1, H, W, 1] */
  readonly top?: tf.Tensor4D;
  /** [C + 2·C0 + 3·E]: what the gate is told, see `presenceNumbers`. */
  readonly presence?: tf.Tensor1D;
}

/** Image [1, H, W, 1] → all that decoding needs of it. */
export function encodeMaps(image: tf.Tensor4D, { unet, maps, presence, architecture }: ProbUNet): EncodedMaps {
  return owned(() => {
    const { features, innermost } = unetEnds(image, unet, architecture.upsample); // [1, H, W, C]
    return {
      base: convolve(features, maps.base, "linear"), //                   W_f·features + b
      ...(maps.factor && { factor: convolve(features, maps.factor, "linear") }),
      ...(maps.amplitude && { amplitude: tf.softplus(convolve(features, maps.amplitude, "linear")) }),
      ...(maps.top && { top: convolve(features, maps.top, "linear") }),
      ...(presence && { presence: presenceNumbers(image, features, innermost, presence) }),
    };
  });
}

/** @throws GraderspaceError ModelMissingTensor, ModelWrongShape */
export function loadProbUNet(from: Parameters, architecture: Architecture): ProbUNet {
  const { channels, latent, head, prior, posterior } = architecture;
  const width = channels[0] as number;
  return {
    architecture,
    unet: loadUNet(from, architecture, 1),
    prior: prior === "net" ? loadGaussianNet(from, "prior", architecture, 1) : null,
    posterior: posterior === "net" ? loadGaussianNet(from, "posterior", architecture, 2) : null,
    maps: {
      base: head.comb ? loadBase(from, architecture) : loadConv(from, "mean", width, 1, 1),
      factor: head.factor > 0 ? loadConv(from, "factor", width, head.factor, 1) : null,
      amplitude: head.fields.length > 0 ? loadConv(from, "amplitude", width, head.fields.length, 1) : null,
      top: head.envelope ? loadConv(from, "envelope", width, 1, 1) : null,
    },
    head: {
      latent,
      channels: head.comb ? width : 1,
      comb: head.comb ? loadComb(from, architecture) : null,
      fieldSpacings: head.fields,
      fieldScale: head.fieldScale,
      shift: head.shift ?? 0,
      gate: head.presence === "gate",
    },
    presence: head.presence === "gate" ? loadPresence(from, architecture) : null,
  };
}

export function loadUNet(from: Parameters, { channels, convsPerBlock }: Architecture, inputs: number): UNet {
  const up = channels
    .slice(0, -1)
    .map((outputs, k) => loadUp(from, k, outputs, channels[k + 1] as number, convsPerBlock));
  return { down: loadDown(from, "unet", channels, convsPerBlock, inputs), up };
}

function loadUp(from: Parameters, k: number, outputs: number, below: number, convs: number): UpBlock {
  const [first, ...rest] = Array.from({ length: convs }, (_, i) => `unet.up.${k}.${2 * i}`) as [string, ...string[]];
  const inputs = outputs + below;
  return {
    skip: loadConvPart(from, first, { inputs, outputs, size: 3, first: 0, count: outputs, bias: true }),
    below: loadConvPart(from, first, { inputs, outputs, size: 3, first: outputs, count: below, bias: false }),
    rest: rest.map((name) => loadConv(from, name, outputs, outputs, 3)),
  };
}

export function loadGaussianNet(
  from: Parameters,
  name: string,
  architecture: Architecture,
  inputs: number,
): GaussianNet {
  const { channels, convsPerBlock, latent } = architecture;
  return {
    down: loadDown(from, name, channels, convsPerBlock, inputs),
    head: loadConv(from, `${name}.head`, channels.at(-1) as number, 2 * latent, 1),
  };
}

function loadDown(
  from: Parameters,
  name: string,
  channels: readonly number[],
  convs: number,
  inputs: number,
): Conv[][] {
  return channels.map((outputs, k) => loadBlock(from, `${name}.down.${k}`, channels[k - 1] ?? inputs, outputs, convs));
}

/** comb's first layer is cut in two: W_f and the bias here, once per image; W_z in `loadComb`, once per z. */
function loadBase(from: Parameters, { channels, latent }: Architecture): Conv {
  const width = channels[0] as number;
  return loadConvPart(from, "comb.0", {
    inputs: width + latent,
    outputs: width,
    size: 1,
    first: 0,
    count: width,
    bias: true,
  });
}

function loadComb(from: Parameters, { channels, latent, combHidden }: Architecture): HeadWeights["comb"] {
  const width = channels[0] as number;
  const first = loadDense(from, "comb.0", width + latent, width); // [C + L, C]
  const layers = Array.from({ length: combHidden }, (_, i) => {
    return loadDense(from, `comb.${2 * (i + 1)}`, width, i === combHidden - 1 ? 1 : width);
  });
  return { latent: first.weights.slice(width * width), layers }; // the last L rows: z stands behind the features
}

/** Every convolution on the backend, to be freed with the network. */
export function convsOf({ unet, prior, posterior, maps, presence }: ProbUNet): Conv[] {
  const nets = [prior, posterior].filter((net) => net !== null);
  const heads = [maps.base, maps.factor, maps.amplitude, maps.top].filter((conv) => conv !== null);
  return [...convsOfUNet(unet), ...nets.flatMap(convsOfGaussian), ...heads, ...(presence?.own.flat(2) ?? [])];
}

export function convsOfUNet({ down, up }: UNet): Conv[] {
  return [...down.flat(), ...up.flatMap(({ skip, below, rest }) => [skip, below, ...rest])];
}

export function convsOfGaussian({ down, head }: GaussianNet): Conv[] {
  return [...down.flat(), head];
}
