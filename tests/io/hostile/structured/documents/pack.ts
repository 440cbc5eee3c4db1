import { gzipSync } from "node:zlib";
import type { ErrorTag } from "../../../../../src/core/errors.ts";
import { tarBytes } from "../../../../support/tar-bytes.ts";
import { pngOf } from "../../seed-files.ts";
import {
  between,
  flipped,
  image,
  kindsOf,
  type Mutant,
  many,
  type Picture,
  pick,
  type Roll,
  refused,
  shuffled,
  stored,
  words,
} from "../mutant.ts";
import { npyBytes, npySeed } from "../volumes/npy-seed.ts";
import { type Around, type Entry, zipBytes } from "./zip-seed.ts";

interface Seed {
  readonly picture: Picture;
  readonly slice: Entry;
  readonly mask: Entry;
  readonly marked: readonly number[];
  readonly index: Index;
}

type Json = Readonly<Record<string, unknown>>;
interface Index extends Json {
  readonly cases: readonly Json[];
}

/** A pack of one case: a slice as npy, a grader with a mask and one who drew nothing. */
function seedOf(roll: Roll): Seed {
  const one = { ...npySeed(roll) };
  const [first] = one.frames as [Picture];
  const shape = [1, first.height, first.width] as const;
  const npy = npyBytes({ ...one, shape, values: first.values });
  const levels = many(roll, first.values.length, 0, 1);
  const rows = Array.from({ length: first.height }, (_, y) =>
    Uint8Array.from(levels.slice(y * first.width, (y + 1) * first.width), (bit) => 255 * bit),
  );
  const index: Index = {
    version: 1,
    title: "a pack",
    attribution: null,
    cases: [
      {
        id: "one",
        title: "the case",
        slice: "1/slice.npy",
        spacingMm: [0.7, 0.6],
        unit: "HU",
        region: [1, 1],
        simulated: true,
        graders: [
          { name: "Grader 1", mask: "1/mask.png", ratings: { malignancy: 3 } },
          { name: "Grader 2", mask: null },
        ],
      },
    ],
  };
  return {
    picture: { ...first, unit: "HU", spacingMm: [0.7, 0.6] },
    slice: { name: "1/slice.npy", data: npy },
    mask: { name: "1/mask.png", data: pngOf(first.width, first.height, 8, 0, rows) },
    marked: levels.flatMap((bit, i) => (bit ? [i] : [])),
    index,
  };
}

const changedCase = ({ index }: Seed, change: Json): Index => ({ ...index, cases: [{ ...index.cases[0], ...change }] });
const entriesOf = (seed: Seed, index: unknown): Entry[] => [
  { name: "pack.json", data: Buffer.from(typeof index === "string" ? index : JSON.stringify(index)) },
  seed.slice,
  seed.mask,
];

interface Facts {
  readonly picture?: Partial<Picture>;
  readonly region?: readonly number[];
  readonly simulated?: boolean;
  readonly id?: string;
  readonly title?: string;
  readonly draw?: number;
  readonly patient?: string;
}

function mustOf(seed: Seed, { picture, ...facts }: Facts = {}) {
  const graders = [
    { name: "Grader 1", mask: seed.marked.length > 0 ? seed.marked : null, ratings: { malignancy: 3 } },
    { name: "Grader 2", mask: null },
  ];
  const base = { id: "one", title: "the case", simulated: true, region: [1, 1], graders };
  const one = { ...base, ...facts, picture: { ...seed.picture, ...picture } };
  return { opens: { kind: "pack", title: "a pack", cases: [one] }, notes: [] };
}

interface Change {
  readonly words: string;
  readonly entries: readonly Entry[];
  readonly around?: Around;
  readonly facts?: Facts;
}

function opening(make: (seed: Seed, roll: Roll) => Change) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    const { words: said, entries, around, facts } = make(seed, roll);
    return { bytes: zipBytes(entries, around), words: said, must: mustOf(seed, facts) };
  };
}

/** The case alone is refused where `late`: pictures are read when their case is opened. */
function refusing(
  tags: ErrorTag | readonly ErrorTag[],
  says: RegExp,
  make: (seed: Seed, roll: Roll) => Change,
  late = false,
) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    const { words: said, entries, around } = make(seed, roll);
    const no = refused(tags, says);
    const must = late ? { opens: { kind: "pack", title: "a pack", cases: [no] }, notes: [] } : no;
    return { bytes: zipBytes(entries, around), words: said, must };
  };
}

const inCase = (change: (roll: Roll) => Json) => (seed: Seed, roll: Roll) => {
  const given = change(roll);
  return { words: JSON.stringify(given), entries: entriesOf(seed, changedCase(seed, given)) };
};

export const PACK_KINDS = kindsOf("pack", {
  same: {
    "fields of no meaning": opening((seed, roll) => ({
      words: "more fields",
      entries: entriesOf(seed, { ...changedCase(seed, { comment: words(roll) }), made: words(roll) }),
    })),
    "white space, and fields in another order": opening((seed, roll) => {
      const turned = (json: Json): Json => Object.fromEntries(shuffled(roll, Object.entries(json)));
      const index = turned({ ...seed.index, cases: seed.index.cases.map(turned) });
      return { words: "order", entries: entriesOf(seed, JSON.stringify(index, null, roll(9))) };
    }),
    "entries in another order, and another way to pack": opening((seed, roll) => {
      const packed = entriesOf(seed, seed.index).map((entry) => ({ ...entry, method: pick(roll, [0, 8]) }));
      return { words: "entries", entries: shuffled(roll, packed), around: { comment: words(roll) } };
    }),
    "in a folder of its own": opening((seed) => ({
      words: "p/",
      entries: entriesOf(seed, seed.index).map((entry) => ({ ...entry, name: `p/${entry.name}` })),
    })),
    "files that no case names": opening((seed, roll) => ({
      words: "another file, damaged",
      entries: [
        ...entriesOf(seed, seed.index),
        { name: "other.bin", data: Buffer.from(words(roll)), crc: roll(2 ** 32) },
      ],
    })),
  },
  changed: {
    "another spacing, region, id": opening((seed, roll) => {
      const mm = [between(roll, 1, 99) / 10, between(roll, 1, 99) / 10] as const;
      const facts = {
        region: [0, roll(2)],
        id: words(roll),
        title: words(roll),
        simulated: roll(2) === 0,
        draw: roll(99),
      };
      const entries = entriesOf(seed, changedCase(seed, { ...facts, spacingMm: mm }));
      return { words: JSON.stringify(facts), entries, facts: { ...facts, picture: { spacingMm: mm } } };
    }),
    "no spacing, other unit": opening((seed) => ({
      words: "null, stored",
      entries: entriesOf(seed, changedCase(seed, { spacingMm: null, unit: "stored" })),
      facts: { picture: { spacingMm: null, unit: "stored" } },
    })),
  },
  refused: {
    "a spacing that is no length": refusing(
      "DamagedFile",
      /spacingMm/,
      inCase((roll) => ({
        spacingMm: pick(roll, [
          [0, 1],
          [1, -1],
          [1e-4, 1],
          [1, 1001],
          [1, 1e30],
          ["0.7", "0.6"],
          [1],
          [1, 1, 1],
          "0.7",
          0.7,
        ]),
      })),
    ),
    "a field of another kind": refusing(
      "DamagedFile",
      /its case 1's/,
      inCase((roll) =>
        pick(roll, [
          { id: 7 },
          { title: null },
          { slice: 3 },
          { unit: "mm" },
          { region: ["1", "1"] },
          { region: [1.5, 1] },
          { region: [-1, 0] },
          { graders: {} },
          { draw: "3" },
          { draw: -1 },
          { patient: 5 },
        ] as Json[]),
      ),
    ),
    "a path that leads out of it": refusing(
      "DamagedFile",
      /no path inside/,
      inCase((roll) => ({
        slice: pick(roll, ["../a.npy", "/etc/passwd", "a/../../b.npy", "http://a/b", "..\\a.npy", "a\\..\\b"]),
      })),
    ),
    "a file that is not there": refusing(
      "DamagedFile",
      /which is not in it/,
      inCase(() => ({ slice: "1/other.npy" })),
      true,
    ),
    "a region outside its slice": refusing(
      "DamagedFile",
      /outside its slice/,
      inCase((roll) => ({
        region: pick(roll, [
          [10, 0],
          [0, 10],
          [60000, 60000],
        ]),
      })),
      true,
    ),
    "two cases of one id": refusing("DamagedFile", /two of its cases have the id/, (seed) => ({
      words: "one, one",
      entries: entriesOf(seed, {
        ...seed.index,
        cases: [...seed.index.cases, { ...seed.index.cases[0], title: "again" }],
      }),
    })),
    "no case": refusing("DamagedFile", /no case/, (seed) => ({
      words: "[]",
      entries: entriesOf(seed, { ...seed.index, cases: [] }),
    })),
    "another version": refusing("DamagedFile", /version/, (seed, roll) => {
      const version = pick(roll, [0, 2, "1", null, 1.5]);
      return { words: String(version), entries: entriesOf(seed, { ...seed.index, version }) };
    }),
    "no JSON": refusing("DamagedFile", /no JSON/, (seed, roll) => {
      const json = JSON.stringify(seed.index);
      return { words: "cut", entries: entriesOf(seed, json.slice(0, between(roll, 1, json.length - 1))) };
    }),
    "a mask of another size": refusing(
      "GeometryMismatch",
      /pixels/,
      (seed) => {
        const rows = Array.from({ length: seed.picture.height + 1 }, () => new Uint8Array(seed.picture.width));
        const mask = { ...seed.mask, data: pngOf(seed.picture.width, seed.picture.height + 1, 8, 0, rows) };
        return { words: "one row more", entries: [...entriesOf(seed, seed.index).slice(0, 2), mask] };
      },
      true,
    ),
    "a wrong checksum of its slice": refusing(
      "DamagedFile",
      /checksum/,
      (seed, roll) => {
        const slice = { ...seed.slice, crc: roll(2 ** 32), method: pick(roll, [0, 8]) };
        const [index, , mask] = entriesOf(seed, seed.index) as [Entry, Entry, Entry];
        return { words: "crc", entries: [index, slice, mask] };
      },
      true,
    ),
    "a wrong checksum of its index": refusing("DamagedFile", /checksum/, (seed, roll) => {
      const [index, ...others] = entriesOf(seed, seed.index) as [Entry, Entry, Entry];
      return { words: "crc", entries: [{ ...index, crc: roll(2 ** 32) }, ...others] };
    }),
  },
});

/** A zip of a slice and a mask beside it. */
function together(roll: Roll) {
  const [width, height] = [between(roll, 3, 9), between(roll, 3, 9)];
  const values = Array.from({ length: width * height }, (_, i) => (i * 7 + roll(5)) % 256);
  const bits = [1, 0, ...many(roll, width * height - 2, 0, 1)];
  const rowsOf = (levels: readonly number[]) =>
    Array.from({ length: height }, (_, y) => Uint8Array.from(levels.slice(y * width, (y + 1) * width)));
  const scan: Entry = { name: "scan.png", data: pngOf(width, height, 8, 0, rowsOf(values)) };
  const mask: Entry = { name: "grader-1.png", data: pngOf(width, height, 8, 0, rowsOf(bits.map((bit) => 255 * bit))) };
  const graders = [{ name: "Grader 1", mask: bits.flatMap((bit, i) => (bit ? [i] : [])) }];
  return { scan, mask, pictures: [{ ...stored(width, height, values), graders }] };
}

const BESIDE = /scan.png is the slice; grader-1.png/;

export const ZIP_KINDS = kindsOf("zip", {
  same: {
    "the same files in a tar, in a tar.gz, in a zip in a zip, or packed each": (roll) => {
      const { scan, mask, pictures } = together(roll);
      const entries = shuffled(roll, [scan, mask]);
      const tar = tarBytes(Object.fromEntries(entries.map(({ name, data }) => [name, data])));
      const [said, bytes] = pick(roll, [
        ["tar", tar],
        ["tar.gz", gzipSync(tar)],
        ["tar in a zip", zipBytes([{ name: "a", data: tar }])],
        ["zip in a tar.gz", gzipSync(tarBytes({ a: zipBytes(entries) }))],
        ["packed each", zipBytes(entries.map(({ name, data }) => ({ name: `${name}.gz`, data: gzipSync(data) })))],
      ] as [string, Buffer][]);
      return { bytes, words: said, must: image(pictures, BESIDE) };
    },
    "entries in another order": (roll) => {
      const { scan, mask, pictures } = together(roll);
      const bytes = zipBytes(shuffled(roll, [scan, mask]), { comment: words(roll) });
      return { bytes, words: "shuffled", must: image(pictures, BESIDE) };
    },
    "what a Mac and a folder add": (roll) => {
      const { scan, mask, pictures } = together(roll);
      const junk = ["__MACOSX/._scan.png", "s/", ".DS_Store"].map((name) => ({
        name,
        data: Buffer.alloc(0),
        method: 0,
      }));
      return { bytes: zipBytes(shuffled(roll, [scan, mask, ...junk])), words: "junk", must: image(pictures, BESIDE) };
    },
  },
  note: {
    "a damaged file beside the slice": (roll) => {
      const { scan, mask, pictures } = together(roll);
      const other = { name: "other.png", data: scan.data, crc: roll(2 ** 32) };
      const must = image(pictures, BESIDE, /Left out: .*other.png: its checksum is wrong/);
      return { bytes: zipBytes(shuffled(roll, [scan, mask, other])), words: "crc of another", must };
    },
    "a file of no format beside the slice": (roll) => {
      const { scan, mask, pictures } = together(roll);
      const other = { name: "readme.txt", data: Buffer.from(words(roll)) };
      const must = image(pictures, BESIDE, /Left out: readme.txt/);
      return { bytes: zipBytes(shuffled(roll, [scan, mask, other])), words: "a text", must };
    },
    "a mask with more rows than it declares": (roll) => {
      const { scan, pictures } = together(roll);
      const [{ width, height }] = pictures as unknown as [Picture];
      const rows = Array.from({ length: height + 2 }, (_, y) => new Uint8Array(width).fill(y === 0 ? 255 : 0));
      const png = Buffer.from(pngOf(width, height, 8, 0, rows));
      const graders = [{ name: "Grader 1", mask: Array.from({ length: width }, (_, x) => x) }];
      const must = image(
        [{ ...(pictures[0] as Picture), graders } as Picture],
        BESIDE,
        /grader-1.png: it holds \d+ bytes more/,
      );
      return { bytes: zipBytes([scan, { name: "grader-1.png", data: png }]), words: "surplus", must };
    },
  },
  refused: {
    "each file damaged": (roll) => {
      const { scan, mask } = together(roll);
      const bytes = zipBytes([scan, mask].map((entry) => ({ ...entry, crc: roll(2 ** 32) })));
      return { bytes, words: "both", must: refused("DamagedFile", /checksum/) };
    },
    "a tar cut short, or with a wrong checksum": (roll) => {
      const { scan } = together(roll);
      const tar = tarBytes({ "scan.png": scan.data });
      const cut = roll(2) === 0;
      if (cut)
        return {
          bytes: tar.subarray(0, 512 + roll(scan.data.length)),
          words: "cut",
          must: refused("DamagedFile", /cut short/),
        };
      // Of the name, which only the checksum holds.
      tar[roll(8)] = 0x21 + roll(9);
      return { bytes: tar, words: "name", must: refused("DamagedFile", /checksum of an entry/) };
    },
    "a gzip whose checksum or length is wrong": (roll) => {
      const { scan } = together(roll);
      const packed = gzipSync(scan.data);
      return {
        bytes: flipped(roll, packed, packed.length - 8),
        words: "trailer",
        must: refused("DamagedFile", /broken or cut/),
      };
    },
    "nothing in it": (roll) => ({
      bytes: zipBytes([], { comment: words(roll) }),
      words: "no entries",
      must: refused("NotAnImage", /empty/),
    }),
    "its directory is gone": (roll) => {
      const { scan, mask } = together(roll);
      const zip = zipBytes([scan, mask]);
      return {
        bytes: zip.subarray(0, zip.indexOf("PK\x01\x02")),
        words: "cut",
        must: refused("DamagedFile", /end is missing/),
      };
    },
  },
});
