import { GraderspaceError } from "../errors.ts";
import type { Architecture, Choice, Family, HeadConfig, ModelConfig } from "./model-config.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The choice that each family offers: what makes two of its samples differ. */
export const CHOICE_OF: Readonly<Record<Family, Choice>> = {
  "prob-unet": "z",
  "dropout-unet": "seed",
  "unet-ensemble": "member",
  "m-heads": "head",
  "image2image-vae": "z",
};

/**
 * Checks a parsed `config.json`. Sizes are bounded, so that a hostile file cannot ask for a network of terabytes.
 * @throws GraderspaceError ModelConfig, with the path of the field that is wrong
 */
export function parseConfig(json: unknown, file: string): ModelConfig {
  const read = reader(file);
  const root = read.fields(json, "the file");
  if (root.version !== 1) read.fail(`version is ${show(root.version)}, this program reads version 1`);
  const family = read.oneOf(root.family, "family", Object.keys(CHOICE_OF) as Family[]);
  const choice = read.oneOf(root.choice, "choice", [CHOICE_OF[family]]);
  const preprocessing = read.fields(root.preprocessing, "preprocessing");
  const scaling = read.oneOf(preprocessing.scaling, "preprocessing.scaling", ["min-max-8bit"] as const);
  return {
    version: 1,
    name: read.text(root.name, "name"),
    title: read.text(root.title, "title"),
    family,
    choice,
    architecture: parseArchitecture(root.architecture, family, read),
    preprocessing: { size: read.whole(preprocessing.size, "preprocessing.size", 8, 1024), scaling },
    threshold: read.between(root.threshold, "threshold", 0, 1),
    axes: read.list(root.axes, "axes").map((axis, i) => {
      const { kl, effect } = read.fields(axis, `axes[${i}]`);
      return { kl: read.number(kl, `axes[${i}].kl`), effect: read.number(effect, `axes[${i}].effect`) };
    }),
    modes: read.list(root.modes, "modes").map((mode, i) => {
      return { effect: read.number(read.fields(mode, `modes[${i}]`).effect, `modes[${i}].effect`) };
    }),
    weights: parseWeights(root.weights, read),
    training: read.fields(root.training ?? {}, "training"),
    licence: read.text(root.licence, "licence"),
  };
}

function parseArchitecture(value: unknown, family: Family, read: Reader): Architecture {
  const a = read.fields(value, "architecture");
  const channels = read
    .list(a.channels, "architecture.channels")
    .map((width, i) => read.whole(width, `architecture.channels[${i}]`, 1, 1024));
  if (channels.length < 1 || channels.length > 6)
    read.fail(`architecture.channels has ${channels.length} levels, not 1 to 6`);
  const latent = read.whole(a.latent, "architecture.latent", 0, 64);
  const heads = a.heads === undefined ? undefined : read.whole(a.heads, "architecture.heads", 1, 256);
  const dropout = a.dropout === undefined ? undefined : read.between(a.dropout, "architecture.dropout", 0, 0.99);
  if (family === "m-heads" && heads === undefined) read.fail("architecture.heads is missing");
  if (family === "dropout-unet" && dropout === undefined) read.fail("architecture.dropout is missing");
  const usesZ = CHOICE_OF[family] === "z";
  if (usesZ && latent === 0) read.fail("architecture.latent is 0, but this family draws z");
  const head = parseHead(a.head, latent, read);
  const posterior = read.oneOf(a.posterior, "architecture.posterior", ["net", "newton"] as const);
  if (family === "prob-unet" && posterior === "newton" && (head.comb || head.factor === 0)) {
    read.fail("architecture.posterior is newton, which needs a head linear in z: a factor and no comb");
  }
  return {
    channels,
    convsPerBlock: read.whole(a.convsPerBlock, "architecture.convsPerBlock", 1, 8),
    latent,
    head,
    prior: read.oneOf(a.prior, "architecture.prior", ["net", "standard"] as const),
    posterior,
    combHidden: read.whole(a.combHidden, "architecture.combHidden", 1, 8),
    upsample: read.oneOf(a.upsample, "architecture.upsample", [
      "bilinear-align-corners",
      "bilinear-half-pixel",
    ] as const),
    pooling: read.oneOf(a.pooling, "architecture.pooling", ["average"] as const),
    outputChannels: read.oneOf(a.outputChannels, "architecture.outputChannels", [1] as const),
    maskOffset: read.number(a.maskOffset, "architecture.maskOffset"),
    ...(heads === undefined ? {} : { heads }),
    ...(dropout === undefined ? {} : { dropout }),
  };
}

function parseHead(value: unknown, latent: number, read: Reader): HeadConfig {
  const head = read.fields(value, "architecture.head");
  const factor = read.whole(head.factor, "architecture.head.factor", 0, 64);
  if (factor !== 0 && factor !== latent)
    read.fail(`architecture.head.factor is ${factor}, not 0 or the latent size ${latent}`);
  return {
    comb: read.flag(head.comb, "architecture.head.comb"),
    factor,
    fields: read
      .list(head.fields, "architecture.head.fields")
      .map((spacing, i) => read.whole(spacing, `architecture.head.fields[${i}]`, 1, 64)),
    fieldScale: read.number(head.fieldScale, "architecture.head.fieldScale"),
    envelope: read.flag(head.envelope, "architecture.head.envelope"),
  };
}

function parseWeights(value: unknown, read: Reader): ModelConfig["weights"] {
  const entries = read.list(value, "weights").map((entry, i) => {
    const { file, dtype, sha256, bytes } = read.fields(entry, `weights[${i}]`);
    const hash = read.text(sha256, `weights[${i}].sha256`);
    if (!/^[0-9a-f]{64}$/.test(hash)) read.fail(`weights[${i}].sha256 is not 64 hexadecimal digits`);
    const name = read.text(file, `weights[${i}].file`);
    // A config names files of its own folder: a path could lead out of it.
    if (!/^[\w.-]+$/.test(name) || name.startsWith(".")) read.fail(`weights[${i}].file is not a plain file name`);
    return {
      file: name,
      dtype: read.oneOf(dtype, `weights[${i}].dtype`, ["f16", "f32"] as const),
      sha256: hash,
      bytes: read.whole(bytes, `weights[${i}].bytes`, 8, 2 ** 30),
    };
  });
  if (entries.length === 0) read.fail("weights is empty");
  return entries;
}

interface Reader {
  fail(problem: string): never;
  fields(value: unknown, path: string): Fields;
  list(value: unknown, path: string): readonly unknown[];
  text(value: unknown, path: string): string;
  number(value: unknown, path: string): number;
  between(value: unknown, path: string, low: number, high: number): number;
  whole(value: unknown, path: string, low: number, high: number): number;
  flag(value: unknown, path: string): boolean;
  oneOf<T>(value: unknown, path: string, allowed: readonly T[]): T;
}

function reader(file: string): Reader {
  const fail = (problem: string): never => {
    throw new GraderspaceError("ModelConfig", {
      file,
      problem,
      remedy: "take the config.json that belongs to the weights",
    });
  };
  const expect = (holds: boolean, value: unknown, path: string, wanted: string): void => {
    if (!holds) fail(value === undefined ? `${path} is missing` : `${path} is ${show(value)}, not ${wanted}`);
  };
  const number = (value: unknown, path: string): number => {
    expect(typeof value === "number" && Number.isFinite(value), value, path, "a number");
    return value as number;
  };
  const between = (value: unknown, path: string, low: number, high: number): number => {
    expect(typeof value === "number" && value >= low && value <= high, value, path, `between ${low} and ${high}`);
    return value as number;
  };
  return {
    fail,
    number,
    between,
    fields(value, path) {
      expect(typeof value === "object" && value !== null && !Array.isArray(value), value, path, "an object");
      return value as Fields;
    },
    list(value, path) {
      expect(Array.isArray(value) && value.length <= 256, value, path, "a list of at most 256");
      return value as readonly unknown[];
    },
    text(value, path) {
      expect(typeof value === "string" && value.length > 0 && value.length <= 1000, value, path, "a text");
      return value as string;
    },
    whole(value, path, low, high) {
      expect(Number.isInteger(value), value, path, "a whole number");
      return between(value, path, low, high);
    },
    flag(value, path) {
      expect(typeof value === "boolean", value, path, "true or false");
      return value as boolean;
    },
    oneOf<T>(value: unknown, path: string, allowed: readonly T[]): T {
      expect(allowed.includes(value as T), value, path, allowed.map((one) => show(one)).join(" or "));
      return value as T;
    },
  };
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
