import { createHash } from "node:crypto";
import type { Architecture, NetworkFamily } from "../../src/core/config/model-config.ts";
import { CHOICE_OF, parseConfig } from "../../src/core/config/parse-config.ts";
import type { ModelFiles } from "../../src/core/network/model.ts";
import { normals } from "../../src/core/random/random.ts";

const CHANNELS = [4, 6, 8, 8];

/** An untrained model of any family with random weights: for what does not need PyTorch's values to be judged. */
export function randomModel(family: NetworkFamily, { members = 3, heads = 4, latent = 3 } = {}): ModelFiles {
  const usesZ = CHOICE_OF[family] === "z";
  const architecture = {
    channels: CHANNELS,
    convsPerBlock: 3,
    latent: usesZ ? latent : 0,
    head: { comb: false, factor: 0, fields: [], fieldScale: 1.5, envelope: false },
    prior: "standard",
    posterior: "net",
    combHidden: 3,
    upsample: "bilinear-align-corners",
    pooling: "average",
    outputChannels: 1,
    maskOffset: 0.5,
    ...(family === "m-heads" && { heads }),
    ...(family === "dropout-unet" && { dropout: 0.5 }),
  } as const satisfies Architecture;
  const count = family === "unet-ensemble" ? members : 1;
  const weights = Array.from({ length: count }, (_, m) => safetensors(shapesOf(family, architecture), m));
  const config = parseConfig(
    {
      version: 1,
      name: `random-${family}`,
      title: "Random",
      family,
      choice: CHOICE_OF[family],
      architecture,
      preprocessing: { size: 64, scaling: "min-max-8bit" },
      threshold: 0.5,
      axes: [],
      modes: [],
      weights: weights.map((bytes, m) => ({
        file: `member-${m}.safetensors`,
        dtype: "f32",
        sha256: createHash("sha256").update(bytes).digest("hex"),
        bytes: bytes.length,
      })),
      training: {},
      licence: "none",
    },
    "config.json",
  );
  return { config, weights };
}

/** Names and shapes as PyTorch's modules have them. */
function shapesOf(family: NetworkFamily, { latent, heads = 1 }: Architecture): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  const conv = (name: string, inputs: number, outputs: number, size: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs, size, size]);
    shapes.set(`${name}.bias`, [outputs]);
  };
  const block = (name: string, inputs: number, outputs: number) => {
    for (const [i, from] of [inputs, outputs, outputs].entries()) conv(`${name}.${2 * i}`, from, outputs, 3);
  };
  const down = (name: string, inputs: number) => {
    for (const [k, width] of CHANNELS.entries()) block(`${name}.down.${k}`, CHANNELS[k - 1] ?? inputs, width);
  };
  const vae = family === "image2image-vae";
  down("unet", vae ? 1 + latent : 1);
  for (const [k, width] of CHANNELS.slice(0, -1).entries()) block(`unet.up.${k}`, width + CHANNELS[k + 1]!, width);
  conv(family === "m-heads" ? "heads" : "mean", CHANNELS[0]!, family === "m-heads" ? heads : 1, 1);
  if (vae) {
    down("posterior", 2);
    conv("posterior.head", CHANNELS.at(-1)!, 2 * latent, 1);
  }
  return shapes;
}

function safetensors(shapes: ReadonlyMap<string, number[]>, seed: number): Uint8Array {
  let at = 0;
  const header: Record<string, object> = {};
  const parts = [...shapes].map(([name, shape], i) => {
    const count = shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + 4 * count] };
    at += 4 * count;
    const fan = name.endsWith("bias") ? 100 : count / shape[0]!;
    return normals(seed, [i], count).map((value) => value * Math.sqrt(2.5 / fan));
  });
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let end = 8 + text.length;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer), end);
    end += part.byteLength;
  }
  return bytes;
}
