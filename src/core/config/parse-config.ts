import * as v from "valibot";
import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import { checked, flag, hash, isObject, list, not, number, object, oneOf, text, whole } from "./checked.ts";
import type { Choice, HeadConfig, ModelConfig, OwnFamily, PresenceNet } from "./model-config.ts";
import { fileName, onnxConfigOf } from "./onnx-config.ts";

/** The choice that each family of our own offers: what makes two of its samples differ. */
export const CHOICE_OF: Readonly<Record<OwnFamily, Choice>> = {
  "prob-unet": "z",
  "dropout-unet": "seed",
  "unet-ensemble": "member",
  "m-heads": "head",
  "image2image-vae": "z",
};

// Sizes are bounded, so that a hostile file cannot ask for a network of terabytes.
const HEAD = object({
  comb: flag,
  factor: whole(0, 64),
  fields: list(whole(1, 64)),
  fieldScale: number(),
  envelope: flag,
  presence: v.optional(v.nullable(oneOf("gate"))),
  presenceNets: v.optional(v.nullable(list(object({ channels: list(whole(1, 1024)), convs: list(whole(0, 8)) })))),
  shift: v.optional(number(0, 2)),
});

const ARCHITECTURE = object({
  channels: list(whole(1, 1024)),
  convsPerBlock: whole(1, 8),
  latent: whole(0, 64),
  head: HEAD,
  prior: oneOf("net", "standard"),
  posterior: oneOf("net", "newton"),
  combHidden: whole(1, 8),
  upsample: oneOf("bilinear-align-corners", "bilinear-half-pixel"),
  pooling: oneOf("average"),
  outputChannels: oneOf(1),
  maskOffset: number(),
  heads: v.optional(whole(1, 256)),
  dropout: v.optional(number(0, 0.99)),
});

const WEIGHTS = object({
  file: fileName,
  dtype: oneOf("f16", "f32", "i8"),
  sha256: hash,
  bytes: whole(8, 2 ** 30),
});

const PRESENCE_LAW = object({
  intercept: number(-100, 100),
  slope: number(-100, 100),
  concentration: number(1e-6, 1e9),
  draws: whole(1, 1e6),
  slices: whole(1, 1e9),
});

const CONFIG = object({
  version: v.literal(1, ({ input }) => `is ${JSON.stringify(input)}, this program reads version 1`),
  name: text,
  title: text,
  family: oneOf(...(Object.keys(CHOICE_OF) as OwnFamily[])),
  choice: oneOf(...Object.values(CHOICE_OF)),
  architecture: ARCHITECTURE,
  preprocessing: object({ size: whole(8, 1024), scaling: oneOf("min-max-8bit") }),
  threshold: number(0, 1),
  smallestPart: v.optional(whole(0, 1000)),
  axes: list(object({ kl: number(), effect: number() })),
  fieldsKl: v.optional(number()),
  modes: list(object({ effect: number() })),
  presenceLaw: v.optional(PRESENCE_LAW),
  weights: list(WEIGHTS),
  training: v.optional(v.record(v.string(), v.unknown(), not("an object")), {}),
  licence: text,
});

type Ours = ModelConfig & { readonly family: OwnFamily };

/**
 * Checks a parsed `config.json`.
 * @throws GraderspaceError ModelConfig, with the path of the field that is wrong
 */
export function parseConfig(json: unknown, file: string): ModelConfig {
  try {
    if (isObject(json) && json["family"] === "onnx") return onnxConfigOf(json);
    const config: Ours = checked(CONFIG, json);
    const mistake = mistakeIn(config);
    if (mistake) throw new RangeError(mistake);
    return config;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const remedy = say`take the config.json that belongs to the weights`;
    throw new GraderspaceError("ModelConfig", { file, problem: error.message, remedy });
  }
}

/** What two fields cannot say together. */
function mistakeIn({ family, choice, architecture, weights, preprocessing: { size } }: Ours): string | null {
  const { channels, latent, head, posterior, heads, dropout } = architecture;
  if (choice !== CHOICE_OF[family]) return `choice is "${choice}", not "${CHOICE_OF[family]}"`;
  if (channels.length < 1 || channels.length > 6) {
    return `architecture.channels has ${channels.length} levels, not 1 to 6`;
  }
  if (family === "m-heads" && heads === undefined) return "architecture.heads is missing";
  if (family === "dropout-unet" && dropout === undefined) return "architecture.dropout is missing";
  if (choice === "z" && latent === 0) return "architecture.latent is 0, but this family draws z";
  if (head.factor !== 0 && head.factor !== latent) {
    return `architecture.head.factor is ${head.factor}, not 0 or the latent size ${latent}`;
  }
  if (family === "prob-unet" && posterior === "newton" && (head.comb || head.factor === 0)) {
    return "architecture.posterior is newton, which needs a head linear in z: a factor and no comb";
  }
  if (family !== "prob-unet" && (head.presence || head.shift)) {
    return "architecture.head has a gate or a shift, which only the family prob-unet has";
  }
  return weights.length === 0 ? "weights is empty" : mistakeInPresence(head, size);
}

function mistakeInPresence({ presence, presenceNets }: HeadConfig, size: number): string | null {
  const nets = presenceNets ?? [];
  if (nets.length > 0 && !presence) return "architecture.head has presenceNets but no gate that would ask them";
  if (nets.length > 8) return `architecture.head.presenceNets has ${nets.length} networks, not 0 to 8`;
  return nets.map((net) => mistakeInNet(net, size)).find((mistake) => mistake !== null) ?? null;
}

/** Its levels halve the region as the U-Net's do; a level without convolutions gives the image on as it is. */
function mistakeInNet({ channels, convs }: PresenceNet, size: number): string | null {
  const cell = 2 ** (channels.length - 1);
  if (channels.length < 1 || channels.length > 6) return `a presenceNet has ${channels.length} levels, not 1 to 6`;
  if (convs.length !== channels.length)
    return `a presenceNet has ${channels.length} channels for ${convs.length} convs`;
  if (channels.some((count, k) => convs[k] === 0 && count !== (channels[k - 1] ?? 1))) {
    return "a presenceNet's level without convolutions has another number of channels than what it is given";
  }
  return size % cell === 0 ? null : `preprocessing.size is ${size}, not a multiple of a presenceNet's ${cell}`;
}
