import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ErrorTag } from "../../../../../src/core/errors.ts";
import { between, kindsOf, type Mutant, many, pick, type Roll, refused, shuffled, words } from "../mutant.ts";
import { zipBytes } from "./zip-seed.ts";

type Json = Readonly<Record<string, unknown>>;

function sessionOf(roll: Roll): Json {
  const latent = between(roll, 1, 9);
  return {
    version: 1,
    app: { version: "0.1.0", commit: "abc" },
    model: { name: "tiny", sha256: "0".repeat(64) },
    slice: { sha256: "1".repeat(64), width: 16, height: 8, frame: roll(9), spacingMm: [0.7, 0.6], geometry: null },
    region: [between(roll, 0, 15), between(roll, 0, 7)],
    choice: { kind: "z", seed: roll(2 ** 31), count: between(roll, 1, 1000), z: many(roll, latent, -3, 3) },
    threshold: roll(101) / 100,
    backend: "cpu",
  };
}

/** `session` with the part at `path` as given; without it where that is undefined. */
function put(session: Json, path: string, value: unknown): Json {
  const [key = "", ...rest] = path.split(".");
  const part = rest.length === 0 ? value : put(session[key] as Json, rest.join("."), value);
  return { ...session, [key]: part };
}

function opening(make: (session: Json, roll: Roll) => { json: string; is?: Json; words: string }) {
  return (roll: Roll): Mutant => {
    const session = sessionOf(roll);
    const { json, is = session, words: said } = make(session, roll);
    return { bytes: Buffer.from(json), words: said, must: { opens: { kind: "session", session: is }, notes: [] } };
  };
}

/** Each value in turn at its place is refused, and the sentence names the place. */
function refusing(path: string, values: readonly unknown[], tags: ErrorTag = "DamagedFile", says?: RegExp) {
  return (roll: Roll): Mutant => {
    const value = pick(roll, values);
    const bytes = Buffer.from(JSON.stringify(put(sessionOf(roll), path, value)));
    const named = says ?? new RegExp(`its ${path.replaceAll(".", "\\.")}`);
    return { bytes, words: `${path} ${JSON.stringify(value)}`, must: refused(tags, named) };
  };
}

const NO_WHOLE = ["3", 1.5, null, -1, [1], true, {}, 1e30];
const shuffle = (roll: Roll, json: unknown): unknown => {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  return Object.fromEntries(shuffled(roll, Object.entries(json)).map(([key, part]) => [key, shuffle(roll, part)]));
};

export const SESSION_KINDS = kindsOf("session", {
  same: {
    "fields in another order, and white space": opening((session, roll) => ({
      json: `${" ".repeat(roll(9))}${JSON.stringify(shuffle(roll, session), null, roll(9))}\n`,
      words: "order",
    })),
    "fields of no meaning": opening((session, roll) => ({
      json: JSON.stringify({ ...put(session, "choice.more", words(roll)), more: { z: [1] }, note: words(roll) }),
      words: "more fields",
    })),
  },
  changed: {
    "another threshold, z and count": opening((session, roll) => {
      const choice = { ...(session["choice"] as Json), count: between(roll, 1, 1000), z: many(roll, 5, -9, 9) };
      const is = { ...session, threshold: roll(101) / 100, choice };
      return { json: JSON.stringify(is), is, words: JSON.stringify(choice) };
    }),
  },
  refused: {
    "another version": refusing("version", [0, 2, "1", null, 1.5]),
    "a count that is none": refusing("choice.count", [...NO_WHOLE, 0, 1001]),
    "a seed that is none": refusing(
      "choice.seed",
      NO_WHOLE.filter((value) => value !== -1),
    ),
    "a kind that is none": refusing("choice.kind", ["x", 7, null, "Z", "__proto__"]),
    "a z that is no list of numbers": refusing("choice.z", ["1,2", 3, { 0: 1 }, Array(1025).fill(0)]),
    "a z with what is no number in it": (roll) => {
      const z: unknown[] = many(roll, between(roll, 1, 8), -3, 3);
      const at = roll(z.length);
      z[at] = pick(roll, ["1", null, "0x10", [1], {}, 1e300]);
      const bytes = Buffer.from(JSON.stringify(put(sessionOf(roll), "choice.z", z)));
      return { bytes, words: JSON.stringify(z), must: refused("DamagedFile", new RegExp(`choice\\.z\\[${at}\\]`)) };
    },
    "a threshold that is none": refusing("threshold", ["0.5", -0.1, 1.1, null, [0.5], 1e300]),
    "a side that is none": refusing("slice.width", [...NO_WHOLE, 0, 65536]),
    "a frame that is none": refusing("slice.frame", NO_WHOLE),
    "a spacing that is no length": refusing(
      "slice.spacingMm",
      [[0, 1], [1, -1], [1e-5, 1], [1, 2000], ["1", 1], [1], 1],
      "DamagedFile",
      /its slice\.spacingMm/,
    ),
    "a region that is none": refusing(
      "region",
      [[1], [1, 2, 3], ["1", 2], null, "1,2", {}],
      "DamagedFile",
      /its region/,
    ),
    "a hash that is none": refusing("slice.sha256", ["", "0".repeat(63), "g".repeat(64), "A".repeat(64), 7, null]),
    "outlines of another size": refusing(
      "you",
      ["", "AAAA", "!!!!", btoa("\0".repeat(15)), btoa("\0".repeat(17))],
      "DamagedFile",
      /its you/,
    ),
    "no JSON of ours": (roll) => {
      const json = JSON.stringify(sessionOf(roll));
      const bytes = Buffer.from(json.slice(0, between(roll, 1, json.length - 1)));
      return { bytes, words: "cut", must: refused("UnknownFormat", /of no format/) };
    },
  },
});

const golden = (name: string) => readFileSync(resolve(import.meta.dirname, "../../../../golden/tiny-linear", name));
const CONFIG = JSON.parse(golden("config.json").toString()) as Json;

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const tensorsOf = (roll: Roll): Tensor[] =>
  Array.from({ length: between(roll, 1, 3) }, (_, i) => {
    const shape = many(roll, between(roll, 1, 3), 1, 3);
    return {
      name: `t.${i}`,
      shape,
      values: many(
        roll,
        shape.reduce((a, b) => a * b),
        -99,
        99,
      ),
    };
  });

interface Header {
  /** Of the header's entries, by their tensors' names. */
  readonly change?: (entries: Record<string, Record<string, unknown>>) => void;
  readonly pad?: number;
  readonly behind?: number;
  readonly length?: number;
}

/** 8 bytes length, a header in JSON, then the numbers as float32. */
function safetensors(tensors: readonly Tensor[], { change, pad = 0, behind = 0, length }: Header = {}): Buffer {
  const entries: Record<string, Record<string, unknown>> = {};
  let at = 0;
  for (const { name, shape, values } of tensors) {
    entries[name] = { dtype: "F32", shape, data_offsets: [at, at + 4 * values.length] };
    at += 4 * values.length;
  }
  change?.(entries);
  const header = Buffer.from(JSON.stringify(entries) + " ".repeat(pad));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length ?? header.length));
  const numbers = Buffer.from(Float32Array.from(tensors.flatMap(({ values }) => values)).buffer);
  return Buffer.concat([size, header, numbers, Buffer.alloc(behind)]);
}

/** A zip of both files; the hash in the config is that of the weights unless another is given. */
function modelZip(roll: Roll, weights: Uint8Array, config: Json = {}, sha256?: string): Buffer {
  const hash = sha256 ?? createHash("sha256").update(weights).digest("hex");
  const listed = [{ file: "weights.safetensors", dtype: "f32", sha256: hash, bytes: weights.length }];
  const json = { ...CONFIG, weights: listed, ...config };
  const entries = [
    { name: "m/config.json", data: Buffer.from(JSON.stringify(json)) },
    { name: "m/weights.safetensors", data: weights },
  ];
  return zipBytes(shuffled(roll, entries));
}

const modelMust = (tensors: readonly Tensor[], facts: Json = {}) => {
  const listed = tensors.map(({ name, shape, values }) => [name, { shape, values }]);
  const { title, threshold } = CONFIG;
  return { opens: { kind: "model", title, threshold, ...facts, tensors: Object.fromEntries(listed) }, notes: [] };
};

function modelRefusing(
  tags: ErrorTag | readonly ErrorTag[],
  says: RegExp,
  make: (tensors: Tensor[], roll: Roll) => Buffer,
) {
  return (roll: Roll): Mutant => ({ bytes: make(tensorsOf(roll), roll), words: "model", must: refused(tags, says) });
}

const firstEntry = (change: (entry: Record<string, unknown>) => void): Header => ({
  change: (entries) => change(entries["t.0"] as Record<string, unknown>),
});

export const MODEL_KINDS = kindsOf("model", {
  same: {
    "notes and blanks in the header of the weights": (roll) => {
      const tensors = tensorsOf(roll);
      const note: Header["change"] = (entries) => {
        entries["__metadata__"] = { format: words(roll) };
      };
      const bytes = modelZip(roll, safetensors(tensors, { change: note, pad: roll(40) }));
      return { bytes, words: "__metadata__", must: modelMust(tensors) };
    },
    "fields of no meaning in the config": (roll) => {
      const tensors = tensorsOf(roll);
      const bytes = modelZip(roll, safetensors(tensors), { more: words(roll), training: { note: words(roll) } });
      return { bytes, words: "more", must: modelMust(tensors) };
    },
  },
  changed: {
    "another title and threshold": (roll) => {
      const [tensors, facts] = [tensorsOf(roll), { title: words(roll), threshold: roll(101) / 100 }];
      return { bytes: modelZip(roll, safetensors(tensors), facts), words: "facts", must: modelMust(tensors, facts) };
    },
  },
  refused: {
    "a wrong hash": modelRefusing("ModelHashDiffers", /sha256/, (tensors, roll) =>
      modelZip(
        roll,
        safetensors(tensors),
        {},
        createHash("sha256")
          .update(`${roll(1e9)}`)
          .digest("hex"),
      ),
    ),
    "weights cut short": modelRefusing("ModelTruncated", /ends after/, (tensors, roll) => {
      const whole = safetensors(tensors);
      return modelZip(roll, whole.subarray(0, whole.length - between(roll, 1, 4)));
    }),
    "bytes that belong to no tensor": modelRefusing("DamagedFile", /no tensor/, (tensors, roll) =>
      modelZip(roll, safetensors(tensors, { behind: between(roll, 1, 99) })),
    ),
    "two tensors in one place": modelRefusing("DamagedFile", /two tensors|no tensor/, (tensors, roll) => {
      const [one] = tensors as [Tensor];
      const twin = { ...one, name: "t.9" };
      const change: Header["change"] = (entries) => {
        (entries["t.9"] as Record<string, unknown>)["data_offsets"] = entries["t.0"]?.["data_offsets"];
      };
      return modelZip(roll, safetensors([one, twin], { change }));
    }),
    "a type that is not read": modelRefusing("ModelWrongDtype", /stored as/, (tensors, roll) =>
      modelZip(
        roll,
        safetensors(
          tensors,
          firstEntry((entry) => {
            entry["dtype"] = pick(roll, ["BF16", "F64", "U8", 7, null]);
          }),
        ),
      ),
    ),
    "a shape that is not its bytes'": modelRefusing(["ModelWrongShape"], /takes/, (tensors, roll) =>
      modelZip(
        roll,
        safetensors(
          tensors,
          firstEntry((entry) => {
            entry["shape"] = [between(roll, 100, 9999)];
          }),
        ),
      ),
    ),
    "a malformed entry": modelRefusing("DamagedFile", /malformed/, (tensors, roll) =>
      modelZip(
        roll,
        safetensors(
          tensors,
          firstEntry((entry) => {
            if (roll(2) === 0) entry["shape"] = pick(roll, ["3", [-1], [1.5], ["2"], null]);
            else entry["data_offsets"] = pick(roll, [[0], [0, 4, 8], "0,4", [-4, 0], null]);
          }),
        ),
      ),
    ),
    "a value that is not finite": modelRefusing("DamagedFile", /not finite/, (tensors, roll) => {
      const [{ values, ...rest }, ...others] = tensors as [Tensor];
      const odd = values.map((value, i) => (i === 0 ? pick(roll, [Number.NaN, Number.POSITIVE_INFINITY]) : value));
      return modelZip(roll, safetensors([{ ...rest, values: odd }, ...others]));
    }),
    "a length of the header that is none": modelRefusing(
      ["ModelTruncated", "DamagedFile"],
      /ends after|JSON|safetensors/,
      (tensors, roll) => modelZip(roll, safetensors(tensors, { length: pick(roll, [0, 3, 1e6, 2 ** 40]) })),
    ),
    "a field of the config of another kind": modelRefusing(
      "ModelConfig",
      /threshold|version|family|title|size|latent/,
      (tensors, roll) =>
        modelZip(
          roll,
          safetensors(tensors),
          pick(roll, [
            { threshold: "0.5" },
            { threshold: 2 },
            { version: 2 },
            { family: "x" },
            { title: 7 },
            { preprocessing: { size: 1e9, scaling: "min-max-8bit" } },
            { architecture: { ...(CONFIG["architecture"] as Json), latent: "6" } },
          ]),
        ),
    ),
    "weights that are not with it": modelRefusing(
      ["ModelNotFound", "ModelConfig"],
      /not with it|list|file/,
      (tensors, roll) => {
        const weights = safetensors(tensors);
        const entry = (file: unknown) => ({ file, dtype: "f32", sha256: "0".repeat(64), bytes: weights.length });
        return modelZip(roll, weights, {
          weights: pick(roll, [[], [entry("a.safetensors"), entry("b.safetensors")], "x", [entry(7)]]),
        });
      },
    ),
  },
});
