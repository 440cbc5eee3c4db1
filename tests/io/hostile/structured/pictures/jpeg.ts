import type { ErrorTag } from "../../../../../src/core/errors.ts";
import {
  ascii,
  between,
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

/** A grey picture of flat blocks of 8 × 8: such a JPEG loses nothing. */
interface Seed {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** One grey level a block. */
  readonly blocks: readonly number[];
}

function seedOf(roll: Roll): Seed {
  const [columns, rows] = [between(roll, 1, 3), between(roll, 1, 3)];
  const [width, height] = [8 * columns - roll(8), 8 * rows - roll(8)];
  return { width, height, columns, rows, blocks: many(roll, columns * rows, 0, 255) };
}

function values({ width, height, columns }: Seed, blocks: readonly number[]): number[] {
  return Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return blocks[(y >> 3) * columns + (x >> 3)] as number;
  });
}

function segment(marker: number, body: Uint8Array | readonly number[]): Buffer {
  const length = body.length + 2;
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 255]), Buffer.from(body)]);
}

/** Codes of the DC categories 0…11, all of four bits; of AC there is the end of a block alone. */
const TABLES = [
  segment(0xc4, [0x00, 0, 0, 0, 12, ...new Array(12).fill(0), ...Array.from({ length: 12 }, (_, i) => i)]),
  segment(0xc4, [0x10, 1, ...new Array(15).fill(0), 0]),
];

/** Differences of the blocks' means, entropy-coded (T.81 F.1.2.1): of 8 × 8 equal samples the DC term is 8 × the level. */
function scan({ blocks }: Seed, restart = 0): Buffer {
  const out: number[] = [];
  let [bits, held, before] = [0, 0, 0];
  const put = (value: number, count: number) => {
    for (let i = count - 1; i >= 0; i--) {
      held = (held << 1) | ((value >> i) & 1);
      if (++bits < 8) continue;
      out.push(held, ...(held === 255 ? [0] : []));
      [bits, held] = [0, 0];
    }
  };
  const fill = () => {
    while (bits > 0) put(1, 1);
  };
  for (const [i, level] of blocks.entries()) {
    if (restart > 0 && i > 0 && i % restart === 0) {
      fill();
      out.push(0xff, 0xd0 + ((i / restart - 1) & 7));
      before = 0;
    }
    const difference = 8 * (level - 128) - before;
    before += difference;
    const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
    put(size, 4);
    put(difference < 0 ? difference + 2 ** size - 1 : difference, size);
    put(0, 1);
  }
  fill();
  return Buffer.from(out);
}

interface Parts {
  readonly before?: readonly Uint8Array[];
  readonly frame?: Uint8Array;
  readonly tables?: readonly Uint8Array[];
  readonly quant?: number;
  readonly data?: Uint8Array;
  readonly end?: Uint8Array;
}

const frameOf = (width: number, height: number, marker = 0xc0, precision = 8, components = 1) =>
  segment(marker, [
    precision,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    components,
    ...Array.from({ length: components }, (_, i) => [i + 1, 0x11, 0]).flat(),
  ]);

function jpegOf(seed: Seed, parts: Parts = {}): Buffer {
  const { before = [], tables = TABLES, quant = 1, data = scan(seed), end = Buffer.from([0xff, 0xd9]) } = parts;
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...before,
    segment(0xdb, [0, quant, ...new Array(63).fill(1)]),
    parts.frame ?? frameOf(seed.width, seed.height),
    ...tables,
    segment(0xda, [1, 1, 0, 0, 63, 0]),
    data,
    end,
  ]);
}

const LOSSY = /JPEG has thrown detail away/;

function opening(
  make: (
    seed: Seed,
    roll: Roll,
  ) => {
    bytes: Uint8Array;
    words: string;
    blocks?: readonly number[];
    size?: readonly [number, number];
    notes?: RegExp[];
  },
) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    const { bytes, words: said, blocks = seed.blocks, size = [seed.width, seed.height], notes = [] } = make(seed, roll);
    const [width, height] = size;
    const must = image([stored(width, height, values({ ...seed, width, height }, blocks))], LOSSY, ...notes);
    return { bytes, words: said, must };
  };
}

function refusing(tags: ErrorTag | readonly ErrorTag[], says: RegExp, make: (seed: Seed, roll: Roll) => Uint8Array) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    return { bytes: make(seed, roll), words: `${seed.width} × ${seed.height}`, must: refused(tags, says) };
  };
}

export const JPEG_KINDS = kindsOf("jpeg", {
  same: {
    "comments and what programs add": opening((seed, roll) => {
      const before = Array.from({ length: between(roll, 1, 4) }, () =>
        segment(pick(roll, [0xfe, 0xe0, 0xe1, 0xe2, 0xed, 0xef]), ascii(words(roll, 300))),
      );
      return { words: "COM, APPn", bytes: jpegOf(seed, { before }) };
    }),
    restarts: opening((seed, roll) => {
      const every = between(roll, 1, 3);
      const before = [segment(0xdd, [0, every])];
      return { words: `every ${every} blocks`, bytes: jpegOf(seed, { before, data: scan(seed, every) }) };
    }),
    "bytes that fill up before markers": opening((seed, roll) => ({
      words: "ff ff",
      bytes: jpegOf(seed, { before: [Buffer.alloc(roll(9), 0xff)] }),
    })),
    "bytes behind the end": opening((seed, roll) => ({
      words: "a tail",
      bytes: Buffer.concat([jpegOf(seed), Buffer.alloc(roll(99), roll(255))]),
    })),
    "tables in one segment, or in another order": opening((seed, roll) => ({
      words: "tables",
      bytes: jpegOf(seed, {
        tables:
          roll(2) === 0 ? [...TABLES].reverse() : [segment(0xc4, Buffer.concat(TABLES.map((t) => t.subarray(4))))],
      }),
    })),
  },
  changed: {
    "half the contrast": opening((seed) => {
      const blocks = seed.blocks.map((level) => 128 + Math.trunc((level - 128) / 2));
      return { words: "levels", bytes: jpegOf(seed, { data: scan({ ...seed, blocks }) }), blocks };
    }),
    "twice the contrast": opening((seed) => {
      const blocks = seed.blocks.map((level) => Math.min(255, Math.max(0, 2 * (level - 128) + 128)));
      return { words: "a quantum of 2", bytes: jpegOf(seed, { quant: 2 }), blocks };
    }),
    "cropped inside its blocks": opening((seed, roll) => {
      const size = [8 * seed.columns - roll(8), 8 * seed.rows - roll(8)] as const;
      return { words: `${size}`, bytes: jpegOf(seed, { frame: frameOf(...size) }), size };
    }),
  },
  refused: {
    "12 bits": refusing("UnsupportedPixels", /12/, (seed) =>
      jpegOf(seed, { frame: frameOf(seed.width, seed.height, 0xc1, 12) }),
    ),
    "a kind of JPEG that is not read": refusing(["UnsupportedPixels", "DamagedFile"], /JPEG/, (seed, roll) =>
      jpegOf(seed, { frame: frameOf(seed.width, seed.height, pick(roll, [0xc3, 0xc5, 0xc9, 0xcb])) }),
    ),
    "no side": refusing("DamagedFile", /declares|JPEG/, (seed, roll) =>
      jpegOf(seed, { frame: pick(roll, [frameOf(0, seed.height), frameOf(seed.width, 0)]) }),
    ),
    "no tables": refusing("DamagedFile", /JPEG/, (seed, roll) => jpegOf(seed, { tables: [TABLES[roll(2)] as Buffer] })),
    "more rows than there are": refusing("DamagedFile", /JPEG|cut/, (seed, roll) =>
      jpegOf(seed, { frame: frameOf(seed.width, 8 * (seed.rows + between(roll, 1, 3))) }),
    ),
    "fewer rows than there are": refusing("DamagedFile", /JPEG|more/, (seed) =>
      jpegOf({ ...seed, blocks: [...seed.blocks, ...Array.from({ length: 9 }, (_, i) => 255 * (i & 1))] }),
    ),
    "cut in its pixels": refusing("DamagedFile", /JPEG|cut/, (seed, roll) => {
      const data = scan({ ...seed, blocks: seed.blocks.map((_, i) => (i % 2 ? 3 : 250)) });
      return jpegOf(seed, { data: data.subarray(0, Math.floor(data.length / 2) - roll(2)), end: new Uint8Array(0) });
    }),
    "cut in its header": refusing(["DamagedFile", "UnknownFormat"], /JPEG|format/, (seed, roll) =>
      jpegOf(seed).subarray(0, between(roll, 3, 80)),
    ),
  },
});
