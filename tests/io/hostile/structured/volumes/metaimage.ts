import { deflateSync, gzipSync } from "node:zlib";
import { zipBytes } from "../documents/zip-seed.ts";
import {
  ascii,
  between,
  image,
  kindsOf,
  NO_LENGTHS,
  NO_NUMBERS,
  type Picture,
  pick,
  type Roll,
  shuffled,
  words,
} from "../mutant.ts";
import { axialFrames, changing, type VolumeChange } from "./changed-volume.ts";
import { FLOAT, raw, TYPES, type Type, valuesOf, volumeOf } from "./numbers.ts";

const KNOWN = TYPES.filter(({ meta }) => meta !== null);

interface Seed extends ReturnType<typeof volumeOf> {
  readonly type: Type;
  readonly big: boolean;
  readonly lines: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  readonly frames: readonly Picture[];
}

function seedOf(roll: Roll, type = pick(roll, KNOWN)): Seed {
  const { size, mm, start } = volumeOf(roll);
  const big = roll(2) === 0;
  const values = valuesOf(roll, type, size[0] * size[1] * size[2]);
  const lines = {
    NDims: "3",
    BinaryData: "True",
    [pick(roll, ["BinaryDataByteOrderMSB", "ElementByteOrderMSB"])]: big ? "True" : "False",
    CompressedData: "False",
    TransformMatrix: "1 0 0 0 1 0 0 0 1",
    Offset: start.join(" "),
    ElementSpacing: mm.join(" "),
    DimSize: size.join(" "),
    ElementType: type.meta as string,
  };
  const frames = axialFrames({ size, mm, start }, values);
  return { size, mm, start, type, big, lines, values, frames };
}

interface Change extends VolumeChange {
  readonly set?: Readonly<Record<string, string | null>>;
  readonly extra?: readonly string[];
  readonly end?: string;
}

function fileOf(seed: Seed, { set = {}, extra = [], data, end = "\n" }: Change, roll: Roll): Uint8Array {
  const { ElementDataFile = "LOCAL", ...fields } = { ...seed.lines, ...set };
  const lines = Object.entries(fields).flatMap(([key, value]) => (value === null ? [] : [`${key} = ${value}`]));
  const numbers = data ?? numbersOf(seed);
  // The type of object comes first and the place of the numbers last; between them the order is free.
  const all = ["ObjectType = Image", ...shuffled(roll, lines), ...extra, `ElementDataFile = ${ElementDataFile}`, ""];
  return Buffer.concat([ascii(all.join(end)), numbers]);
}

const { opening, refusing } = changing(seedOf, fileOf);

const withFrames = (seed: Seed, facts: Partial<Picture>) => seed.frames.map((frame) => ({ ...frame, ...facts }));
const numbersOf = (seed: Seed) => raw(seed.type, seed.values, !seed.big);
const packedBy = (data: Uint8Array, size: string | null = `${data.length}`) => ({
  set: { CompressedData: "True", CompressedDataSize: size },
  data,
});

export const METAIMAGE_KINDS = kindsOf("metaimage", {
  same: {
    "fields of no meaning for the picture": opening((_seed, roll) => ({
      words: "Comment, AnatomicalOrientation, Modality",
      set: { Comment: words(roll), AnatomicalOrientation: "RAI", Modality: "MET_MOD_CT", CenterOfRotation: "0 0 0" },
    })),
    "lines that end as on Windows": opening(() => ({ words: "\\r\\n", end: "\r\n" })),
    "packed by zlib": opening((seed, roll) => {
      const data = deflateSync(numbersOf(seed), { level: roll(10) });
      return { words: "zlib", ...packedBy(data, pick(roll, [`${data.length}`, "0", null])) };
    }),
    "the other byte order": opening((seed) => {
      const set = { BinaryDataByteOrderMSB: null, ElementByteOrderMSB: seed.big ? "False" : "True" };
      return { words: "swapped", set, data: raw(seed.type, seed.values, seed.big) };
    }),
    "another name of the same field": opening((seed, roll) => ({
      words: "Position, Rotation",
      set: {
        Offset: null,
        [pick(roll, ["Position", "Origin"])]: seed.start.join(" "),
        TransformMatrix: null,
        [pick(roll, ["Rotation", "Orientation"])]: "1 0 0 0 1 0 0 0 1",
      },
    })),
    "numbers in a file of their own, in a zip with their header": (roll) => {
      const seed = seedOf(roll);
      const skipped = roll(2) === 0 ? 0 : between(roll, 1, 9);
      const set = {
        ElementDataFile: pick(roll, ["a.raw", "./a.raw", "LIST\na.raw"]),
        ...(skipped > 0 ? { HeaderSize: pick(roll, ["-1", `${skipped}`]) } : {}),
      };
      const header = fileOf(seed, { words: "", set, data: new Uint8Array(0) }, roll);
      const data = Buffer.concat([Buffer.alloc(skipped, roll(256)), numbersOf(seed)]);
      const entries = shuffled(roll, [
        { name: "a.mhd", data: header },
        { name: "a.raw", data },
      ]);
      return { bytes: zipBytes(entries), words: set.ElementDataFile, must: image(seed.frames) };
    },
    "no matrix, which is the identity": opening(() => ({ words: "no matrix", set: { TransformMatrix: null } })),
    "true and false in other words": opening((_seed, roll) => ({
      words: "T, 0",
      set: { BinaryData: pick(roll, ["true", "T", "1"]), CompressedData: pick(roll, ["false", "F", "0"]) },
    })),
  },
  note: {
    "a spacing that is no length": opening((seed, roll) => {
      const no = pick(roll, NO_LENGTHS);
      const set = { ElementSpacing: pick(roll, [`${no} 1 1`, `1 ${no} 1`]) };
      const frames = withFrames(seed, { spacingMm: null, geometry: null });
      return { words: set.ElementSpacing, set, frames, notes: [/spacing is no length/, /without a spacing/] };
    }),
    "no place": opening((seed) => ({
      words: "no Offset",
      set: { Offset: null },
      frames: withFrames(seed, { geometry: null }),
      notes: [/does not say where/],
    })),
    "sheared axes": opening((seed) => ({
      words: "y leans to x",
      set: { TransformMatrix: "1 0 0 0.6 0.8 0 0 0 1" },
      frames: withFrames(seed, { geometry: null }),
      notes: [/sheared/],
    })),
    "a matrix that is none": opening((seed, roll) => ({
      words: "zeros",
      set: { TransformMatrix: pick(roll, ["0 0 0 0 1 0 0 0 1", "1 0 0 0 0 0 0 0 1"]) },
      frames: withFrames(seed, { geometry: null }),
      notes: [/gives none|sheared/],
    })),
    "more numbers than declared": opening((seed, roll) => {
      const more = Buffer.concat([numbersOf(seed), Buffer.alloc(between(roll, 2, 99))]);
      if (roll(2) === 0) return { words: "raw", data: more, notes: [/bytes more/] };
      return { words: "packed", ...packedBy(deflateSync(more)), notes: [/bytes more/] };
    }),
    "values that are not finite": opening((seed, roll) => {
      const [at, odd] = [roll(seed.values.length), pick(roll, [Number.NaN, Number.POSITIVE_INFINITY])];
      const values = seed.values.map((value, i) => (i === at ? odd : value));
      const pixels = seed.size[0] * seed.size[1];
      const frames = seed.frames.map((frame, k) => ({ ...frame, values: values.slice(k * pixels, (k + 1) * pixels) }));
      return { words: `${odd} at ${at}`, data: raw(FLOAT, values, !seed.big), frames, notes: [/no finite numbers/] };
    }, FLOAT),
  },
  changed: {
    "another place": opening((seed, roll) => {
      const start = [between(roll, -99, 99), between(roll, -99, 99), between(roll, -99, 99)] as const;
      const frames = seed.frames.map((frame, k) => {
        const position = [start[0], start[1], start[2] + k * seed.mm[2]] as const;
        return { ...frame, geometry: { ...(frame.geometry as NonNullable<Picture["geometry"]>), position } };
      });
      return { words: `${start}`, set: { Offset: start.join(" ") }, frames };
    }),
    "twice the spacing": opening((seed) => {
      const [x, y, z] = seed.mm;
      const set = { ElementSpacing: `${2 * x} ${2 * y} ${z}` };
      return { words: set.ElementSpacing, set, frames: withFrames(seed, { spacingMm: [2 * y, 2 * x] }) };
    }),
    "rows and columns exchanged": opening((seed) => {
      const [width, height, depth] = seed.size;
      const frames = withFrames(seed, { width: height, height: width });
      return { words: "exchanged", set: { DimSize: `${height} ${width} ${depth}` }, frames };
    }),
  },
  refused: {
    "a type that is none": refusing("UnsupportedPixels", /items are of type/, (_seed, roll) => ({
      words: "ElementType",
      set: { ElementType: pick(roll, ["MET_FOO", "MET_ASCII_CHAR", "short", "MET_UCHAR_ARRAY"]) },
    })),
    "a field that must be there": refusing("DamagedFile", /no (NDims|DimSize|ElementType)/, (_seed, roll) => {
      const field = pick(roll, ["NDims", "DimSize", "ElementType"]);
      return { words: `no ${field}`, set: { [field]: null } };
    }),
    "text that is no number": refusing("DamagedFile", /no number|CompressedDataSize/, (_seed, roll) => {
      const no = pick(roll, NO_NUMBERS);
      const field = pick(roll, ["NDims", "DimSize", "ElementSpacing", "Offset", "CompressedDataSize"]);
      const three = field === "DimSize" || field === "ElementSpacing" || field === "Offset";
      return { words: `${field} ${no}`, set: { [field]: three ? `2 ${no} 2` : no } };
    }),
    "another count of numbers": refusing("DamagedFile", /numbers, not/, (_seed, roll) => {
      const field = pick(roll, ["DimSize", "ElementSpacing", "Offset", "TransformMatrix"]);
      return { words: field, set: { [field]: pick(roll, ["", "1", "1 1", "1 1 1 1"]) || "2 2" } };
    }),
    "a side that is none": refusing("DamagedFile", /declares/, (_seed, roll) => {
      const DimSize = pick(roll, ["0 3 1", "3 -2 1", "-2 -2 1", "2.5 2 1", "3 3 0"]);
      return { words: DimSize, set: { DimSize } };
    }),
    "a number of axes that is not read": refusing(["UnsupportedPixels"], /axes/, (_seed, roll) => ({
      words: "NDims",
      set: { NDims: pick(roll, ["0", "1", "5", "-3", "2.5"]) },
    })),
    "neither true nor false": refusing("DamagedFile", /neither True nor False/, (_seed, roll) => ({
      words: "maybe",
      set: { [pick(roll, ["CompressedData", "BinaryData"])]: pick(roll, ["maybe", "2", "yes"]) },
    })),
    "a field twice": refusing("DamagedFile", /twice/, (seed, roll) => {
      const field = pick(roll, ["DimSize", "ElementSpacing", "Offset", "ElementType"]);
      const value = field === "ElementType" ? "MET_DOUBLE" : seed.size.map((side) => side + 1).join(" ");
      return { words: `${field} again`, extra: [`${field} = ${value}`] };
    }),
    "two names of one field with two values": refusing("DamagedFile", /differ/, (seed, roll) => ({
      words: "Offset and Position, or both names of the byte order",
      set: pick<Record<string, string>>(roll, [
        { Position: seed.start.map((mm) => mm + 1).join(" ") },
        { BinaryDataByteOrderMSB: "True", ElementByteOrderMSB: "False" },
      ]),
    })),
    "numbers elsewhere, as text, or of several channels": refusing(
      "UnsupportedPixels",
      /not read|another file/,
      (_seed, roll) => ({
        words: "not LOCAL",
        set: pick<Record<string, string>>(roll, [
          { ElementDataFile: "a.raw" },
          { BinaryData: "False" },
          { ElementNumberOfChannels: "3" },
          { HeaderSize: "16" },
        ]),
      }),
    ),
    "numbers cut short": refusing("TruncatedFile", /ends before slice 1/, (seed, roll) => ({
      words: "cut in the first slice",
      data: numbersOf(seed).subarray(0, roll(seed.type.size * seed.size[0] * seed.size[1])),
    })),
    "the checksum of the packed numbers": refusing("DamagedFile", /broken or cut/, (seed, roll) => {
      const data = deflateSync(numbersOf(seed));
      const at = data.length - 1 - roll(4);
      data[at] = (data[at] as number) ^ (1 << roll(8));
      return { words: `byte ${at}`, ...packedBy(data) };
    }),
    "packed otherwise than it says": refusing("DamagedFile", /broken or cut/, (seed) => ({
      words: "gzip as zlib",
      ...packedBy(gzipSync(numbersOf(seed))),
    })),
  },
});
