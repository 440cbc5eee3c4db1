import { deflateSync } from "node:zlib";
import type { ErrorTag } from "../../../../../src/core/errors.ts";
import { pngChunk, pngHeader } from "../../seed-files.ts";
import {
  ascii,
  between,
  flipped,
  image,
  kindsOf,
  type Mutant,
  many,
  pick,
  type Roll,
  refused,
  stored,
  words,
} from "../mutant.ts";
import { filtered, type Pixels } from "./png-rows.ts";

interface Seed extends Pixels {
  readonly colourType: 0 | 2 | 3 | 4 | 6;
  readonly grey: readonly number[];
  readonly palette: Uint8Array | null;
}

const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;
const KINDS = [
  [0, 1],
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 16],
  [2, 8],
  [2, 16],
  [3, 1],
  [3, 2],
  [3, 4],
  [3, 8],
  [4, 8],
  [4, 16],
  [6, 8],
  [6, 16],
] as const;

/** A grey picture in any of the forms that PNG has for one. */
function seedOf(roll: Roll, kinds: readonly (readonly [Seed["colourType"], number])[] = KINDS): Seed {
  const [colourType, depth] = pick(roll, kinds);
  const [width, height] = [between(roll, 2, 9), between(roll, 2, 9)];
  const channels = CHANNELS[colourType];
  const most = 2 ** depth - 1;
  const levels = many(roll, width * height, 0, most);
  const palette =
    colourType === 3 ? Uint8Array.from({ length: 3 * (most + 1) }, (_, i) => (7 * Math.floor(i / 3)) & 255) : null;
  const alpha = channels === 2 || channels === 4;
  const samples = levels.flatMap((level) =>
    Array.from({ length: channels }, (_, c) => (alpha && c === channels - 1 ? between(roll, 1, most) : level)),
  );
  const grey = palette ? levels.map((level) => palette[3 * level] as number) : levels;
  return { colourType, depth, width, height, channels, samples, grey, palette };
}

interface Parts {
  readonly header?: Uint8Array;
  readonly palette?: Uint8Array | null;
  readonly packed?: Uint8Array;
  /** Chunks that come before the pixels, and behind them. */
  readonly before?: readonly Uint8Array[];
  readonly behind?: readonly Uint8Array[];
  readonly pieces?: number;
  readonly end?: Uint8Array;
}

const packedOf = (seed: Seed, roll: Roll) => deflateSync(filtered(seed, roll), { level: roll(10) });

function pngOf(seed: Seed, roll: Roll, parts: Parts = {}): Buffer {
  const { before = [], behind = [], pieces = 1, palette = seed.palette } = parts;
  const packed = parts.packed ?? packedOf(seed, roll);
  const cuts = Array.from({ length: pieces + 1 }, (_, i) => Math.round((i * packed.length) / pieces));
  return Buffer.concat([
    parts.header ?? pngHeader(seed.width, seed.height, seed.depth, seed.colourType),
    ...(palette ? [pngChunk("PLTE", palette)] : []),
    ...before,
    ...cuts.slice(1).map((cut, i) => pngChunk("IDAT", packed.subarray(cuts[i], cut))),
    ...behind,
    parts.end ?? pngChunk("IEND", new Uint8Array(0)),
  ]);
}

type Make = (
  seed: Seed,
  roll: Roll,
) => { words: string; bytes: Uint8Array; facts?: Partial<ReturnType<typeof stored>>; notes?: RegExp[] };

function opening(make: Make, kinds?: Parameters<typeof seedOf>[1]) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll, kinds);
    const { words: said, bytes, facts = {}, notes = [] } = make(seed, roll);
    const picture = { ...stored(seed.width, seed.height, seed.grey), ...facts };
    return { bytes, words: `${said} (type ${seed.colourType}, ${seed.depth} bits)`, must: image([picture], ...notes) };
  };
}

function refusing(
  tags: ErrorTag | readonly ErrorTag[],
  says: RegExp,
  make: (seed: Seed, roll: Roll) => Uint8Array,
  kinds?: Parameters<typeof seedOf>[1],
) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll, kinds);
    const said = `type ${seed.colourType}, ${seed.depth} bits, ${seed.width} × ${seed.height}`;
    return { bytes: make(seed, roll), words: said, must: refused(tags, says) };
  };
}

const ANCILLARY = ["tEXt", "zTXt", "iTXt", "tIME", "pHYs", "gAMA", "cHRM", "sRGB", "bKGD", "eXIf", "acTL", "prVt"];
const idle = (roll: Roll) => pngChunk(pick(roll, ANCILLARY), Buffer.from(words(roll, 200)));
const header = (seed: Seed, at: number, value: number) => {
  const body = pngHeader(seed.width, seed.height, seed.depth, seed.colourType).subarray(16, 29);
  body[at] = value;
  return Buffer.concat([ascii("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", body)]);
};
/** One bit of the chunk whose type stands in the file for the first time, its checksum left as it is. */
const damagedChunk = (png: Buffer, type: string, roll: Roll) => {
  const at = png.indexOf(type);
  return flipped(roll, png, at + 4, at + 4 + png.readUInt32BE(at - 4) + 4);
};

export const PNG_KINDS = kindsOf("png", {
  same: {
    "chunks of no meaning for the picture": opening((seed, roll) => ({
      words: "ancillary chunks",
      bytes: pngOf(seed, roll, { before: [idle(roll), idle(roll)], behind: [idle(roll)] }),
    })),
    "the pixels in many chunks, some of them empty": opening((seed, roll) => ({
      words: "IDAT in pieces",
      bytes: pngOf(seed, roll, { pieces: between(roll, 2, 40) }),
    })),
    "other filters, packed more or less": opening((seed, roll) => ({ words: "filters", bytes: pngOf(seed, roll) })),
    interlaced: opening(
      (seed, roll) => ({
        words: "Adam7",
        bytes: pngOf(seed, roll, {
          header: pngHeader(seed.width, seed.height, seed.depth, seed.colourType, 1),
          packed: deflateSync(filtered(seed, roll, true)),
        }),
      }),
      KINDS.filter(([, depth]) => depth >= 8),
    ),
    "bytes behind the end": opening((seed, roll) => ({
      words: "a tail",
      bytes: Buffer.concat([pngOf(seed, roll), Buffer.alloc(roll(99), roll(256))]),
    })),
  },
  note: {
    "half the rows declared": opening((seed, roll) => {
      const height = Math.floor(seed.height / 2);
      const bytes = pngOf(seed, roll, { header: pngHeader(seed.width, height, seed.depth, seed.colourType) });
      const facts = { height, values: seed.grey.slice(0, seed.width * height) };
      return { words: `${height} of ${seed.height} rows`, bytes, facts, notes: [/bytes more/] };
    }),
    "more behind the last row": opening((seed, roll) => {
      const packed = deflateSync(Buffer.concat([filtered(seed, roll), Buffer.alloc(between(roll, 2, 500))]));
      return { words: "surplus", bytes: pngOf(seed, roll, { packed }), notes: [/bytes more/] };
    }),
  },
  changed: {
    "another palette": opening(
      (seed, roll) => {
        const palette = (seed.palette as Uint8Array).map((level) => 255 - level);
        const values = seed.grey.map((level) => 255 - level);
        return { words: "inverted", bytes: pngOf(seed, roll, { palette }), facts: { values } };
      },
      KINDS.filter(([type]) => type === 3),
    ),
    "16 bits as twice 8": opening(
      (seed, roll) => {
        const width = 2 * seed.width;
        const bytes = pngOf(seed, roll, {
          header: pngHeader(width, seed.height, 8, 0),
          packed: deflateSync(filtered(seed, () => 0)),
        });
        return { words: "8 bits", bytes, facts: { width, values: seed.grey.flatMap((v) => [v >> 8, v & 255]) } };
      },
      [[0, 16]],
    ),
  },
  refused: {
    "bits that the colour type does not have": refusing("DamagedFile", /bits a sample/, (seed, roll) => {
      const [type, depth] = pick(roll, [
        [0, 3],
        [0, 0],
        [0, 32],
        [2, 4],
        [3, 16],
        [4, 1],
        [4, 4],
        [6, 1],
        [6, 2],
      ] as const);
      return pngOf(seed, roll, { header: pngHeader(seed.width, seed.height, depth, type) });
    }),
    "a colour type that is none": refusing("DamagedFile", /colour type/, (seed, roll) =>
      pngOf(seed, roll, { header: pngHeader(seed.width, seed.height, 8, pick(roll, [1, 5, 7, 255])) }),
    ),
    "a packing, a filter or an interlacing that there is not": refusing(
      ["DamagedFile", "UnsupportedPixels"],
      /broken|method/,
      (seed, roll) => pngOf(seed, roll, { header: header(seed, between(roll, 10, 12), between(roll, 2, 255)) }),
    ),
    "no side": refusing("DamagedFile", /declares/, (seed, roll) => {
      const [width, height] = pick(roll, [
        [0, seed.height],
        [seed.width, 0],
        [0, 0],
      ]) as [number, number];
      return pngOf(seed, roll, { header: pngHeader(width, height, seed.depth, seed.colourType) });
    }),
    "a header with a wrong checksum": refusing("DamagedFile", /checksum/, (seed, roll) => {
      const png = pngOf(seed, roll);
      return flipped(roll, png, 29, 33);
    }),
    "pixels with a wrong checksum": refusing("DamagedFile", /checksum/, (seed, roll) =>
      damagedChunk(pngOf(seed, roll), "IDAT", roll),
    ),
    "a palette with a wrong checksum": refusing(
      "DamagedFile",
      /checksum/,
      (seed, roll) => damagedChunk(pngOf(seed, roll), "PLTE", roll),
      KINDS.filter(([type]) => type === 3),
    ),
    "a wrong checksum inside the packed pixels": refusing("DamagedFile", /checksum/, (seed, roll) => {
      const packed = packedOf(seed, roll);
      return pngOf(seed, roll, { packed: flipped(roll, packed, packed.length - 4, packed.length) });
    }),
    "more rows than there are": refusing("DamagedFile", /cut short/, (seed, roll) => {
      const height = seed.height + between(roll, 1, 99);
      return pngOf(seed, roll, { header: pngHeader(seed.width, height, seed.depth, seed.colourType) });
    }),
    "cut short": refusing("DamagedFile", /cut short|does not begin/, (seed, roll) => {
      const png = pngOf(seed, roll);
      const at = png.indexOf("IDAT");
      return png.subarray(0, between(roll, 9, at + 4));
    }),
    "no pixels": refusing("DamagedFile", /no pixels/, (seed, roll) =>
      pngOf(seed, roll, { pieces: 0, behind: [idle(roll)] }),
    ),
    "no palette": refusing(
      "DamagedFile",
      /palette/,
      (seed, roll) => pngOf(seed, roll, { palette: null }),
      KINDS.filter(([type]) => type === 3),
    ),
    "a palette of parts of colours": refusing(
      "DamagedFile",
      /palette/,
      (seed, roll) => pngOf(seed, roll, { palette: (seed.palette as Uint8Array).subarray(1) }),
      KINDS.filter(([type]) => type === 3),
    ),
    "an index that the palette does not have": refusing(
      "DamagedFile",
      /palette/,
      (seed, roll) => {
        const top = Math.max(...seed.samples);
        return pngOf({ ...seed, samples: top === 0 ? seed.samples.map(() => 1) : seed.samples }, roll, {
          palette: (seed.palette as Uint8Array).subarray(0, 3 * Math.max(1, top)),
        });
      },
      KINDS.filter(([type]) => type === 3),
    ),
    "a filter of a row that there is not": refusing("DamagedFile", /broken/, (seed, roll) => {
      const rows = Buffer.from(filtered(seed, roll));
      rows[0] = between(roll, 5, 255);
      return pngOf(seed, roll, { packed: deflateSync(rows) });
    }),
    "a chunk that no reader may pass over": refusing(["DamagedFile", "UnsupportedPixels"], /chunk/, (seed, roll) =>
      pngOf(seed, roll, { before: [pngChunk(pick(roll, ["CgBI", "ABCD", "JDAT"]), Buffer.from(words(roll)))] }),
    ),
    "two headers": refusing("DamagedFile", /two headers|chunk|broken/, (seed, roll) =>
      pngOf(seed, roll, { before: [pngHeader(seed.width, 1, seed.depth, seed.colourType).subarray(8)] }),
    ),
    colours: refusing(
      "UnsupportedPixels",
      /colour picture/,
      (seed, roll) => {
        const at = seed.channels * roll(seed.width * seed.height) + 1;
        return pngOf({ ...seed, samples: seed.samples.map((v, i) => (i === at ? v ^ 1 : v)) }, roll);
      },
      KINDS.filter(([type]) => type === 2 || type === 6),
    ),
  },
});
