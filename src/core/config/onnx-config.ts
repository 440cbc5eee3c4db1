import * as v from "valibot";
import { checked, hash, list, not, number, object, oneOf, text, whole } from "./checked.ts";
import type { Architecture, ModelConfig, OnnxConfig } from "./model-config.ts";

// A config names files of its own folder: a path could lead out of it.
export const fileName = v.pipe(
  text,
  v.regex(/^(?!\.)[\w.-]+$/, () => "is not a plain file name"),
);

const SHAPE = v.strictTuple([whole(8, 1024), whole(8, 1024)], not("two sizes, [rows, columns]"));
const RUN_SECONDS = v.optional(whole(1, 3600), 120);
const OUTPUT = oneOf("logits", "probabilities");

const WHOLE = object({
  file: fileName,
  image: v.optional(text, "image"),
  noise: v.optional(text, "noise"),
  output: OUTPUT,
  shape: SHAPE,
  noiseSize: whole(1, 4096),
  runSeconds: RUN_SECONDS,
});

const HALVES = object({
  encode: object({
    file: fileName,
    image: v.optional(text, "image"),
    features: v.pipe(list(text, 16), v.minLength(1)),
  }),
  decode: object({
    file: fileName,
    features: v.pipe(list(text, 16), v.minLength(1)),
    noise: v.optional(text, "noise"),
    output: OUTPUT,
  }),
  shape: SHAPE,
  noiseSize: whole(1, 4096),
  runSeconds: RUN_SECONDS,
});

const CONFIG = object({
  version: v.literal(1, ({ input }) => `is ${JSON.stringify(input)}, this program reads version 1`),
  name: text,
  title: text,
  family: oneOf("onnx"),
  choice: oneOf("z", "member"),
  preprocessing: object({ size: whole(8, 1024), scaling: oneOf("min-max-8bit") }),
  threshold: number(0, 1),
  smallestPart: v.optional(whole(0, 1000)),
  weights: list(object({ file: fileName, sha256: hash, bytes: whole(1, 2 ** 30) })),
  training: v.optional(v.record(v.string(), v.unknown(), not("an object")), {}),
  licence: text,
});

/** What of an architecture the program asks any model for; an ONNX graph tells nothing of the rest. */
const UNKNOWN: Architecture = {
  channels: [1],
  convsPerBlock: 1,
  latent: 0,
  head: { comb: false, factor: 0, fields: [], fieldScale: 0, envelope: false },
  prior: "standard",
  posterior: "net",
  combHidden: 1,
  upsample: "bilinear-half-pixel",
  pooling: "average",
  outputChannels: 1,
  maskOffset: 0,
};

/**
 * `config.json` of a network in ONNX, one graph (image and noise in, one map out) or two (encode and decode, so that
 * the image is looked at once). @throws RangeError with a sentence
 */
export function onnxConfigOf(json: Readonly<Record<string, unknown>>): ModelConfig {
  const config = checked(CONFIG, json);
  const { onnx: given } = json;
  const inHalves = typeof given === "object" && given !== null && ("encode" in given || "decode" in given);
  const under = (path: readonly (string | number)[]) => ["onnx", ...path].join(".");
  const onnx: OnnxConfig = inHalves ? checked(HALVES, given, under) : checked(WHOLE, given, under);
  const mistake = mistakeIn(onnx, config);
  if (mistake) throw new RangeError(mistake);
  const { noiseSize } = onnx;
  return {
    ...config,
    architecture: { ...UNKNOWN, ...(config.choice === "z" ? { latent: noiseSize } : { heads: noiseSize }) },
    onnx,
    axes: [],
    modes: [],
    weights: config.weights.map((entry) => ({ ...entry, dtype: "f32" as const })),
  };
}

function mistakeIn(
  onnx: OnnxConfig,
  { preprocessing: { size }, weights }: { preprocessing: { size: number }; weights: readonly { file: string }[] },
): string | null {
  const [rows, columns] = onnx.shape;
  if (rows !== size || columns !== size) {
    return `onnx.shape is [${rows}, ${columns}], and preprocessing.size says that a region is ${size} × ${size}`;
  }
  const named = "file" in onnx ? [onnx.file] : [onnx.encode.file, onnx.decode.file];
  const missing = named.find((file) => !weights.some((entry) => entry.file === file));
  if (missing !== undefined) return `weights does not list ${missing}, which onnx names`;
  if (!("file" in onnx) && onnx.encode.features.length !== onnx.decode.features.length) {
    return `onnx.encode gives ${onnx.encode.features.length} features and onnx.decode takes ${onnx.decode.features.length}`;
  }
  return weights.length > new Set(named).size ? "weights lists a file that onnx does not name" : null;
}
