import { readFileSync } from "node:fs";
import { parseConfig } from "../../../../src/core/config/parse-config.ts";
import { sha256Hex } from "../../../../src/core/config/weights-hash.ts";
import type { ModelFiles } from "../../../../src/core/network/model.ts";
import { dice, mutate } from "../../../io/hostile/mutate.ts";
import { constant, type Field, node, onnxBytes, value, varint } from "../../../support/onnx-bytes.ts";
import { bytesOf, everyPart, type Part, partsOf } from "./parts.ts";

type Roll = (below: number) => number;

const FOLDER = "tests/golden/onnx";
const SEEDS = ["foreign", "half", "member", "halves"] as const;
const read = (path: string) => new Uint8Array(readFileSync(`${FOLDER}/${path}`));

/** The side of the picture that a seed takes. */
export const SIDE = 32;

/** The files of a seed, its last graph changed, with a true hash: a damaged graph that its config vouches for. */
export function seedWith(name: string, change: (graph: Uint8Array) => Uint8Array): ModelFiles {
  const json = JSON.parse(new TextDecoder().decode(read(`${name}/config.json`)));
  const weights: Uint8Array[] = json.weights.map(({ file }: { file: string }) => read(`${name}/${file}`));
  const last = weights.length - 1;
  const bytes = change(weights[last] as Uint8Array);
  weights[last] = bytes;
  json.weights[last] = { ...json.weights[last], sha256: sha256Hex(bytes), bytes: Math.max(1, bytes.length) };
  return { config: parseConfig(json, "config.json"), weights };
}

/** The k-th damaged graph: by bytes, and in turn by fields, which leaves a readable graph that says something else. */
export function damaged(k: number): ModelFiles {
  const roll = dice(k);
  const other = read("member/network.onnx");
  const seed = SEEDS[k % SEEDS.length] as string;
  return seedWith(seed, (bytes) => (k % 8 < 4 ? mutate(bytes, other, roll) : otherwise(bytes, roll)));
}

const WHOLE = [0, 1, 2, 3, 7, 31, 33, -1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53];
const OPS =
  "Loop If Scan ConstantOfShape Expand Tile Resize Pad Reshape Gather Identity Exp Conv MatMul Range Sin Softmax";

function otherwise(bytes: Uint8Array, roll: Roll): Uint8Array {
  const parts = partsOf(bytes) as Part[];
  for (let times = 1 + roll(3); times > 0; times--) changeOne(parts, roll);
  return bytesOf(parts);
}

function changeOne(parts: Part[], roll: Roll): void {
  const all = everyPart(parts);
  const { part, among } = all[roll(all.length)] as { part: Part; among: Part[] };
  const at = among.indexOf(part);
  switch (roll(6)) {
    case 0:
      among.splice(at, 1);
      return;
    case 1:
      among.splice(at, 0, structuredClone(part));
      return;
    case 2: {
      const twin = all.filter((one) => one.part.number === part.number)[roll(3)]?.part;
      if (twin) part.body = structuredClone(twin.body);
      return;
    }
    case 3: {
      const names = all.filter(({ part: { number, body } }) => number === 4 && body instanceof Uint8Array);
      const name = names[roll(Math.max(1, names.length))]?.part;
      const ops = OPS.split(" ");
      if (name) name.body = new TextEncoder().encode(ops[roll(ops.length)]);
      return;
    }
    default:
      if (part.wire === 0) part.body = Uint8Array.from(varint(WHOLE[roll(WHOLE.length)] as number));
      else if (part.body instanceof Uint8Array) part.body = otherBytes(part.body, roll);
  }
}

/** Numbers that are none, the largest ones, or another length. */
function otherBytes(body: Uint8Array, roll: Roll): Uint8Array {
  const kind = roll(3);
  if (kind === 0) return body.slice(0, roll(body.length + 1));
  if (kind === 1) return new Uint8Array(body.length).fill([0, 0x7f, 0xff][roll(3)] as number);
  return body.map(() => roll(256));
}

/** The side of the pictures of the graphs below. */
const SMALL = 8;

function ofParts(parts: readonly Field[]): ModelFiles {
  return ofBytes(onnxBytes(SMALL, 1, parts));
}

function ofBytes(bytes: Uint8Array): ModelFiles {
  const config = {
    version: 1,
    name: "evil",
    title: "evil",
    family: "onnx",
    choice: "z",
    threshold: 0.5,
    onnx: { file: "network.onnx", output: "logits", shape: [SMALL, SMALL], noiseSize: 1 },
    preprocessing: { size: SMALL, scaling: "min-max-8bit" },
    weights: [{ file: "network.onnx", sha256: sha256Hex(bytes), bytes: bytes.length }],
    licence: "none",
  };
  return { config: parseConfig(config, "config.json"), weights: [bytes] };
}

/** A map that is as large as `dims` say on the way to one that fits. */
function through(op: "ConstantOfShape" | "Expand", dims: readonly number[]): ModelFiles {
  return ofParts([
    constant("dims", "whole", dims),
    node({ op, takes: op === "Expand" ? ["noise", "dims"] : ["dims"], gives: ["large"] }),
    node({ op: "ReduceMax", takes: ["large"], gives: ["top"], attributes: { keepdims: 1 } }),
    node({ op: "Add", takes: ["image", "top"], gives: ["logits"] }),
  ]);
}

/** Adds the noise to the image, `times` over. */
export function looping(times: number, size = SMALL, noise = 1): Uint8Array {
  const map = [1, 1, size, size];
  const body: Field[] = [
    node({ op: "Identity", takes: ["go-on"], gives: ["goes-on"] }),
    node({ op: "Add", takes: ["sum", "noise"], gives: ["more"] }),
    [2, "body"],
    value("in", "turn", "whole", []),
    value("in", "go-on", "bool", []),
    value("in", "sum", "float", map),
    value("out", "goes-on", "bool", []),
    value("out", "more", "float", map),
  ];
  return onnxBytes(size, noise, [
    constant("times", "whole", [times], []),
    constant("go", "bool", [1], []),
    node({ op: "Loop", takes: ["times", "go", "image"], gives: ["last"], body }),
    node({ op: "Identity", takes: ["last"], gives: ["logits"] }),
  ]);
}

function deep(levels: number): Uint8Array {
  const name = (level: number) => (level === 0 ? "image" : `x${level}`);
  const chain = Array.from({ length: levels }, (_, level) =>
    node({ op: "Sin", takes: [name(level)], gives: [name(level + 1)] }),
  );
  return onnxBytes(SMALL, 1, [...chain, node({ op: "Mul", takes: [name(levels), "noise"], gives: ["logits"] })]);
}

/** Some sizes are refused when the graph is opened, some when they are asked for. */
const REFUSED = /^(TooLarge|ModelConfig|DamagedFile)$/;

/** Made to do harm: name, files, and what must come of them: "model", the tag of a sentence, or "stopped". */
export const EVIL: readonly (readonly [string, () => ModelFiles, RegExp])[] = [
  ["adds the noise three times", () => ofBytes(looping(3)), /^model$/],
  ["adds it without end", () => ofBytes(looping(2 ** 53)), /^stopped$/],
  ["a map of 12 GiB", () => through("Expand", [1, 1, 2 ** 15, 3 * 2 ** 15]), REFUSED],
  ["a map of 3 GiB", () => through("Expand", [1, 1, 2 ** 14, 3 * 2 ** 14]), /^TooLarge$/],
  ["a constant of 16 GiB", () => through("ConstantOfShape", [1, 1, 2 ** 16, 2 ** 16]), REFUSED],
  ["a map of 10¹⁸ numbers", () => through("Expand", [1, 1, 1e9, 1e9]), REFUSED],
  ["two thousand layers", () => ofBytes(deep(2000)), /^model$/],
  ["nothing at all", () => ofBytes(Uint8Array.of(0)), /^DamagedFile$/],
];
