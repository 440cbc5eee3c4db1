import type { ErrorTag } from "../../../../../src/core/errors.ts";
import { type Around, type Entry, zipBytes } from "../documents/zip-seed.ts";
import { between, flipped, image, kindsOf, type Mutant, pick, type Roll, refused, shuffled } from "../mutant.ts";
import { changing, type VolumeChange } from "./changed-volume.ts";
import { descrOf, type Header, type Npy, npyBytes, npySeed } from "./npy-seed.ts";
import { FLOAT, raw, TYPES, type Type } from "./numbers.ts";

interface Change extends VolumeChange {
  readonly header?: Header;
}

/** As a file of its own, or as the one array of an npz: both must read it alike. */
function fileOf(seed: Npy, { header, data }: Change, roll: Roll): Uint8Array {
  const npy = npyBytes(seed, header, data);
  return roll(3) === 0 ? zipBytes([{ name: "image.npy", data: npy, method: pick(roll, [0, 8]) }]) : npy;
}

const { opening, refusing } = changing(npySeed, fileOf);

/** The one array as an entry of a zip. */
const entryOf = (seed: Npy, more: Partial<Entry> = {}): Entry => ({ name: "image.npy", data: npyBytes(seed), ...more });

function npzOpening(words: string, make: (seed: Npy, roll: Roll) => { entries: Entry[]; around?: Around }) {
  return (roll: Roll): Mutant => {
    const seed = npySeed(roll);
    const { entries, around } = make(seed, roll);
    return { bytes: zipBytes(entries, around), words, must: image(seed.frames) };
  };
}

function npzRefusing(tag: ErrorTag, says: RegExp, make: (seed: Npy, roll: Roll) => Uint8Array) {
  return (roll: Roll): Mutant => ({ bytes: make(npySeed(roll), roll), words: "npz", must: refused(tag, says) });
}

export const NPY_KINDS = kindsOf("npy", {
  same: {
    "keys in another order, in other quotes": opening((seed, roll) => {
      const quote = pick(roll, ["'", '"']);
      const key = (name: string) => `${quote}${name}${quote}`;
      const parts = [
        `${key("descr")}: ${key(descrOf(seed))}`,
        `${key("fortran_order")}: False`,
        `${key("shape")}: (${seed.shape.join(pick(roll, [",", ", ", " , "]))})`,
      ];
      return { words: "the dictionary", header: { text: `{${shuffled(roll, parts).join(", ")}}` } };
    }),
    "a later version": opening((_seed, roll) => ({ words: "version", header: { version: between(roll, 2, 3) } })),
    "the other byte order": opening((seed) => ({
      words: "swapped",
      header: { descr: descrOf({ ...seed, little: !seed.little }) },
      data: raw(seed.type, seed.values, !seed.little),
    })),
    "the first index runs fastest": opening((seed) => {
      const [count, height, width] = seed.shape;
      const turned = seed.values.map((_, at) => {
        const [n, y, x] = [at % count, Math.floor(at / count) % height, Math.floor(at / (count * height))];
        return seed.values[(n * height + y) * width + x] as number;
      });
      return { words: "fortran", header: { fortran: "True" }, data: raw(seed.type, turned, seed.little) };
    }),
    "sides of Python 2": opening((seed) => ({ words: "L", header: { shape: `(${seed.shape.join("L, ")}L)` } })),
  },
  note: {
    "more numbers than declared": opening((seed, roll) => {
      const data = Buffer.concat([raw(seed.type, seed.values, seed.little), Buffer.alloc(between(roll, 2, 99))]);
      return { words: "behind the numbers", data, notes: [/bytes more/] };
    }),
    "half the rows declared": opening((seed) => {
      const [count, height, width] = seed.shape;
      const half = Math.floor(height / 2);
      const frames = seed.frames.map((frame, k) => {
        const first = k * half * width;
        return { ...frame, height: half, values: seed.values.slice(first, first + half * width) };
      });
      const more = (seed.values.length - count * half * width) * seed.type.size;
      const notes = more > 1 ? [/bytes more/] : [];
      return { words: `${half} of ${height} rows`, header: { shape: `(${count}, ${half}, ${width})` }, frames, notes };
    }),
    "values that are not finite": opening((seed, roll) => {
      const [at, odd] = [roll(seed.values.length), pick(roll, [Number.NaN, Number.POSITIVE_INFINITY])];
      const values = seed.values.map((value, i) => (i === at ? odd : value));
      const pixels = seed.shape[1] * seed.shape[2];
      const frames = seed.frames.map((frame, k) => ({ ...frame, values: values.slice(k * pixels, (k + 1) * pixels) }));
      return { words: `${odd} at ${at}`, data: raw(FLOAT, values, seed.little), frames, notes: [/no finite numbers/] };
    }, FLOAT),
  },
  changed: {
    "one picture less": opening((seed) => {
      const [count, height, width] = seed.shape;
      const frames = seed.frames.slice(0, Math.max(1, count - 1));
      const data = raw(seed.type, seed.values.slice(0, frames.length * height * width), seed.little);
      return { words: "less", header: { shape: `(${frames.length}, ${height}, ${width})` }, data, frames };
    }),
    "rows and columns exchanged": opening((seed) => {
      const [count, height, width] = seed.shape;
      const frames = seed.frames.map((frame) => ({ ...frame, width: height, height: width }));
      return { words: "exchanged", header: { shape: `(${count}, ${width}, ${height})` }, frames };
    }),
    "the bytes as those of another order": opening(
      (seed) => {
        const read = (value: number) => new DataView(raw(seed.type, [value], true).buffer.slice(0)).getInt16(0);
        const frames = seed.frames.map((frame) => ({ ...frame, values: frame.values.map(read) }));
        return { words: "the order alone", header: { descr: seed.little ? ">i2" : "<i2" }, frames };
      },
      { ...(TYPES[2] as Type) },
    ),
  },
  refused: {
    "items that are no numbers": refusing("UnsupportedPixels", /items/, (_seed, roll) => {
      const descr = pick(roll, ["|O", "<c8", "<M8[ns]", "|S5", "|V4", "<i3", "<f16", "<u16", "<x4"]);
      return { words: descr, header: { descr } };
    }),
    "fewer numbers than declared": refusing(["TruncatedFile", "DamagedFile"], /shape needs/, (seed, roll) => {
      const more = seed.shape.map((side, i) => (i === 1 ? side + between(roll, 1, 99) : side));
      return { words: `${more}`, header: { shape: `(${more.join(", ")})` } };
    }),
    "a shape that is no picture": refusing(["UnsupportedPixels", "DamagedFile"], /shape|declares/, (seed, roll) => {
      const shape = pick(roll, [
        "()",
        "(2,)",
        "(2, 2, 2, 2, 2)",
        "(0, 3)",
        "(3, 0)",
        "(-2, -2)",
        "(2, 2x)",
        "(2.5, 2)",
      ]);
      return { words: `${shape} of ${seed.values.length}`, header: { shape }, data: new Uint8Array(64) };
    }),
    "a key twice": refusing("DamagedFile", /twice/, (seed, roll) => {
      const text = `{'descr': '${descrOf(seed)}', 'fortran_order': False, 'shape': (${seed.shape.join(", ")}), `;
      const again = pick(roll, ["'shape': (2, 2)", "'descr': '|u1'", "'fortran_order': True"]);
      return { words: again, header: { text: `${text}${again}}` } };
    }),
    "a key that is missing": refusing("DamagedFile", /header/, (seed, roll) => {
      const parts = [`'descr': '${descrOf(seed)}'`, "'fortran_order': False", `'shape': (${seed.shape.join(", ")})`];
      const left = parts.filter((_, i) => i !== roll(3));
      return { words: "missing", header: { text: `{${left.slice(0, 2).join(", ")}}` } };
    }),
    "a version that there is not": refusing("DamagedFile", /version/, (_seed, roll) => ({
      words: "version",
      header: { version: pick(roll, [0, 4, 9, 255]) },
    })),
    "a header cut short": (roll) => {
      const npy = npyBytes(npySeed(roll));
      return { bytes: npy.subarray(0, between(roll, 12, 60)), words: "cut", must: refused("DamagedFile", /cut short/) };
    },
  },
});

export const NPZ_KINDS = kindsOf("npz", {
  same: {
    "stored or deflated": npzOpening("method", (seed, roll) => ({
      entries: [entryOf(seed, { method: pick(roll, [0, 8]) })],
    })),
    "comments and extra fields": npzOpening("comment", (seed, roll) => ({
      entries: [entryOf(seed, { comment: "x".repeat(roll(99)), extra: Buffer.from([0x55, 0x54, 1, 0, roll(256)]) })],
      around: { comment: "y".repeat(roll(99)) },
    })),
    "sizes behind the data": npzOpening("descriptor", (seed) => ({ entries: [entryOf(seed, { descriptor: true })] })),
    "sizes of 64 bits": npzOpening("zip64", (seed) => ({ entries: [entryOf(seed, { wide: true })] })),
    "a folder beside the array": npzOpening("a folder", (seed, roll) => ({
      entries: shuffled(roll, [entryOf(seed), { name: "a/", data: new Uint8Array(0), method: 0 }]),
    })),
  },
  note: {
    "an array that is never read, damaged": (roll) => {
      const seed = npySeed(roll);
      const other = { ...entryOf(npySeed(roll)), name: "other.npy", crc: roll(2 ** 32), method: pick(roll, [0, 8]) };
      const bytes = zipBytes(shuffled(roll, [entryOf(seed), other]));
      return { bytes, words: "only what is shown is checked", must: image(seed.frames, /of its 2 arrays, "image"/) };
    },
  },
  refused: {
    "another checksum": npzRefusing("DamagedFile", /checksum is wrong/, (seed, roll) =>
      zipBytes([entryOf(seed, { crc: roll(2 ** 32), method: pick(roll, [0, 8]) })]),
    ),
    "a bit of the stored numbers": npzRefusing("DamagedFile", /checksum is wrong/, (seed, roll) => {
      const data = npyBytes(seed);
      const numbers = seed.values.length * seed.type.size;
      return zipBytes([entryOf(seed, { method: 0, packed: flipped(roll, data, data.length - numbers) })]);
    }),
    "a size that is not its own": npzRefusing("DamagedFile", /unpack to|sizes differ|declares/, (seed, roll) => {
      const size = npyBytes(seed).length + pick(roll, [-1, 1, -8, 300]);
      return zipBytes([entryOf(seed, { size, method: pick(roll, [0, 8]) })]);
    }),
    "two entries of one name": npzRefusing("DamagedFile", /two entries/, (seed, roll) =>
      zipBytes([entryOf(seed), entryOf(npySeed(roll))]),
    ),
    "an encrypted entry": npzRefusing("UnsupportedPixels", /encrypted/, (seed) =>
      zipBytes([entryOf(seed, { flags: 1 })]),
    ),
    "a packing that is not read": npzRefusing("UnsupportedPixels", /method/, (seed, roll) =>
      zipBytes([entryOf(seed, { method: pick(roll, [1, 6, 9, 12, 14, 93, 99]) })]),
    ),
    "fewer entries than there are": npzRefusing("DamagedFile", /directory/, (seed, roll) =>
      zipBytes([entryOf(npySeed(roll), { name: "a.npy" }), entryOf(seed)], { count: 1 }),
    ),
    "more entries than there are": npzRefusing("DamagedFile", /directory/, (seed, roll) =>
      zipBytes([entryOf(seed)], { count: between(roll, 2, 99) }),
    ),
    "another name before the data": npzRefusing("DamagedFile", /name/, (seed, roll) =>
      zipBytes([entryOf(seed, { localName: pick(roll, ["other.npy", "image.np", "IMAGE.NPY"]) })]),
    ),
    "no end": npzRefusing("DamagedFile", /end is missing|cut short/, (seed, roll) => {
      const zip = zipBytes([entryOf(seed)]);
      return zip.subarray(0, zip.length - between(roll, 1, 22));
    }),
    "a part of it missing": npzRefusing("DamagedFile", /directory|not there|cut short|name/, (seed, roll) => {
      const zip = zipBytes([entryOf(seed)]);
      const at = between(roll, 30, zip.length - 120);
      return Buffer.concat([zip.subarray(0, at), zip.subarray(at + 1 + roll(20))]);
    }),
  },
});
