import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { headerBytes, type Written } from "../../../../support/dicom-bytes.ts";
import { SEED_SIZE, seedValues } from "../../seed-values.ts";
import { between, image, kindsOf, type Mutant, type Picture, pick, type Roll, refused } from "../mutant.ts";
import { bodyOf, type Ct, ct, fileOf, pixels, SYNTAX, withElements, without, wrapped } from "./seed.ts";

/** PackBits of one byte plane (PS3.5 annex G.3), in runs and literals as the dice have them. */
export function packBits(plane: readonly number[], roll: Roll): number[] {
  const out: number[] = [];
  for (let at = 0; at < plane.length; ) {
    let run = 1;
    while (run < 128 && plane[at + run] === plane[at] && at + run < plane.length) run++;
    if (run > 1 && roll(4) > 0) {
      out.push(257 - run, plane[at] as number);
      at += run;
      continue;
    }
    const literal = Math.min(plane.length - at, between(roll, 1, 20));
    out.push(literal - 1, ...plane.slice(at, at + literal));
    at += literal;
  }
  if (roll(3) === 0) out.push(128);
  return out.length % 2 ? [...out, 0] : out;
}

/** A frame as RLE: 64 bytes of header, then the planes, the most significant first. */
function rleFrame({ bits }: Ct, stored: readonly number[], roll: Roll, segments = bits / 8): Buffer {
  const planes = Array.from({ length: bits / 8 }, (_, p) =>
    packBits(
      stored.map((v) => (v >> (bits - 8 - 8 * p)) & 255),
      roll,
    ),
  );
  const header = Buffer.alloc(64);
  header.writeUInt32LE(segments, 0);
  let at = 64;
  for (const [p, plane] of planes.entries()) {
    header.writeUInt32LE(at, 4 + 4 * p);
    at += plane.length;
  }
  return Buffer.concat([header, ...planes.map((plane) => Buffer.from(plane))]);
}

const item = (tag: number, body: Uint8Array) =>
  Buffer.concat([headerBytes(tag, "", body.length, { explicit: false }), body]);
const ITEM = 0xfffee000;

/** Pixel data of undefined length: an offset table, fragments, an end. */
export function encapsulated(fragments: readonly Uint8Array[], table: readonly number[] = []): Buffer {
  const offsets = Buffer.alloc(4 * table.length);
  for (const [i, offset] of table.entries()) offsets.writeUInt32LE(offset, 4 * i);
  const items = [item(ITEM, offsets), ...fragments.map((fragment) => item(ITEM, fragment))];
  const start = headerBytes(0x7fe00010, "OB", 0xffffffff, {});
  return Buffer.concat([start, ...items, headerBytes(0xfffee0dd, "", 0, { explicit: false })]);
}

function offsetsOf(fragments: readonly Uint8Array[]): number[] {
  let at = 0;
  return fragments.map((fragment) => {
    at += 8 + fragment.length;
    return at - 8 - fragment.length;
  });
}

interface Rle {
  readonly seed: Ct;
  readonly frames: readonly (readonly number[])[];
  readonly fragments: readonly Buffer[];
  readonly pictures: readonly Picture[];
  file(pixelData: Uint8Array, ...more: Written[]): Uint8Array;
}

function rle(roll: Roll, count = between(roll, 1, 3)): Rle {
  const seed = ct(roll, { syntax: SYNTAX.rle });
  const low = seed.signed ? -(2 ** (seed.bits - 1)) : 0;
  const frames = Array.from({ length: count }, () => seed.stored.map(() => low + roll(2 ** seed.bits)));
  const pictures = frames.map((stored, frame) => ({
    ...seed.picture,
    values: stored.map((v) => v * seed.slope + seed.intercept),
    geometry: frame === 0 ? seed.picture.geometry : null,
  }));
  const file = (pixelData: Uint8Array, ...more: Written[]) => {
    const counted: Written[] = count > 1 ? [[0x00280008, "IS", `${count}`]] : [];
    const plain = without(
      { elements: withElements({ elements: withElements(seed, ...counted) }, ...more) },
      0x7fe00010,
    );
    return wrapped(SYNTAX.rle, Buffer.concat([bodyOf(plain, SYNTAX.explicit), pixelData]));
  };
  return { seed, frames, fragments: frames.map((stored) => rleFrame(seed, stored, roll)), pictures, file };
}

/** A frame's own place and rescale in an enhanced CT, and what all frames share. */
function enhanced(roll: Roll) {
  const count = between(roll, 2, 5);
  const seed = ct(roll, {
    syntax: pick(roll, [SYNTAX.explicit, SYNTAX.implicit, SYNTAX.big]),
    bits: 16,
    signed: false,
  });
  const own = Array.from({ length: count }, () => ({
    position: [between(roll, -99, 99), between(roll, -99, 99), between(roll, -99, 99)] as const,
    slope: pick(roll, [1, 2, 0.5]),
    intercept: between(roll, -1024, 0),
    stored: seed.stored.map(() => roll(65536)),
  }));
  type Own = (typeof own)[number];
  const groups = ({ position, slope, intercept }: Own): Written[] => [
    [0x00209113, "SQ", { items: [[[0x00200032, "DS", position.join("\\")]]], undefinedLength: roll(2) === 0 }],
    [
      0x00289145,
      "SQ",
      {
        items: [
          [
            [0x00281052, "DS", `${intercept}`],
            [0x00281053, "DS", `${slope}`],
          ],
        ],
      },
    ],
  ];
  const pictures = own.map(({ position, slope, intercept, stored }): Picture => {
    const geometry = { ...(seed.picture.geometry as NonNullable<Picture["geometry"]>), position };
    return { ...seed.picture, geometry, values: stored.map((v) => v * slope + intercept) };
  });
  const fileWith = (list: readonly Own[], ...more: Written[]) => {
    const all: Written[] = [
      [0x00280008, "IS", `${count}`],
      [0x52009230, "SQ", { items: list.map(groups), undefinedLength: roll(2) === 0 }],
      pixels(
        16,
        own.flatMap(({ stored }) => stored),
      ),
    ];
    const base = { elements: without(seed, 0x00200032, 0x00281052, 0x00281053) };
    return fileOf(withElements(base, ...all, ...more), seed.syntax);
  };
  return { seed, own, pictures, fileWith };
}

const [WIDTH, HEIGHT] = SEED_SIZE;
const LOSSLESS = ["rle", "jpeg-lossless", "jpeg-ls", "jpeg-2000"] as const;
const STREAMS = new Map(
  LOSSLESS.map((name) => [name, readFileSync(resolve(import.meta.dirname, `../../seeds/${name}.dcm`))]),
);

/** A file that another program compressed, with a slope of one digit in it. */
function compressed(
  roll: Roll,
  change: (file: Buffer) => { bytes: Uint8Array; slope?: number; words: string },
): Mutant {
  const name = pick(roll, LOSSLESS);
  const { bytes, slope = 1, words } = change(Buffer.from(STREAMS.get(name) as Buffer));
  const picture: Picture = {
    width: WIDTH,
    height: HEIGHT,
    values: seedValues(16).map((v) => v * slope),
    unit: "HU",
    spacingMm: [0.7, 0.6],
    geometry: { position: [-10, 20.5, -75.7], rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], thicknessMm: null },
    padding: [],
    modality: "CT",
    inverted: false,
  };
  return { bytes, words: `${name}: ${words}`, must: image([picture], /not square/) };
}

/** Where the value of an explicit little-endian element of two letters' VR begins. */
function valueAt(file: Buffer, tag: number): number {
  const key = Buffer.alloc(4);
  key.writeUInt16LE(tag >>> 16, 0);
  key.writeUInt16LE(tag & 0xffff, 2);
  return file.indexOf(key, 132) + 8;
}

export const FRAMES_KINDS = kindsOf("dicom frames", {
  same: {
    "RLE in other runs": (roll) => {
      const { fragments, pictures, file } = rle(roll);
      return { bytes: file(encapsulated(fragments)), words: `${pictures.length} frames`, must: image(pictures) };
    },
    "an offset table": (roll) => {
      const { fragments, pictures, file } = rle(roll);
      const bytes = file(encapsulated(fragments, offsetsOf(fragments)));
      return { bytes, words: `${pictures.length} frames`, must: image(pictures) };
    },
    "one frame in several fragments": (roll) => {
      const { fragments, pictures, file } = rle(roll, 1);
      const [whole] = fragments as [Buffer];
      const cut = 2 * between(roll, 1, whole.length / 2 - 1);
      const bytes = file(encapsulated([whole.subarray(0, cut), whole.subarray(cut)]));
      return { bytes, words: `cut at ${cut}`, must: image(pictures) };
    },
    "a length given to compressed pixels": (roll) => {
      const { fragments, pictures, file } = rle(roll, 1);
      const data = encapsulated(fragments);
      data.writeUInt32LE(data.length - 12, 8);
      return { bytes: file(data), words: "a length", must: image(pictures) };
    },
    "frames of an enhanced CT": (roll) => {
      const { own, pictures, fileWith } = enhanced(roll);
      return { bytes: fileWith(own), words: `${own.length} frames`, must: image(pictures) };
    },
    "an unknown group among a frame's own": (roll) => {
      const { own, pictures, fileWith } = enhanced(roll);
      const extra: Written = [
        0x52009229,
        "SQ",
        { items: [[[0x00189999, "SQ", { items: [[[0x00180050, "DS", "9"]]] }]]] },
      ];
      return { bytes: fileWith(own, extra), words: "shared", must: image(pictures) };
    },
    "another program's stream, in a file with another name": (roll) =>
      compressed(roll, (file) => {
        file.write("DICOMWRITER", 0, "latin1");
        return { bytes: file, words: "the preamble" };
      }),
  },
  note: {
    "more compressed pictures than declared": (roll) => {
      const { fragments, pictures, file } = rle(roll, between(roll, 2, 3));
      const less = pictures.length - 1;
      const table = roll(2) === 0 ? offsetsOf(fragments) : [];
      const bytes = file(encapsulated(fragments, table), [0x00280008, "IS", `${less}`]);
      const must = image(pictures.slice(0, less), /compressed pictures and declares/);
      return { bytes, words: `${less} of ${pictures.length}`, must };
    },
    "fewer compressed pictures than declared": (roll) => {
      const { fragments, pictures, file } = rle(roll, 2);
      const bytes = file(encapsulated(fragments, offsetsOf(fragments)), [0x00280008, "IS", "3"]);
      const lost = refused("TruncatedFile", /ends after 2 of its 3 frames/);
      return { bytes, words: "2 of 3", must: image([...pictures, lost], /only 2 of its 3/) };
    },
    "a frame's slope that is no number": (roll) => {
      const { seed, own, pictures, fileWith } = enhanced(roll);
      const at = roll(own.length);
      const odd = own.map((each, i) => (i === at ? { ...each, slope: Number.NaN } : each));
      const frames = pictures.map((picture, i) =>
        i === at ? { ...picture, unit: "stored" as const, values: (own[i] as { stored: number[] }).stored } : picture,
      );
      return { bytes: fileWith(odd), words: `frame ${at} of ${seed.syntax}`, must: image(frames, /not HU/) };
    },
  },
  changed: {
    "the slope of another program's stream": (roll) =>
      compressed(roll, (file) => {
        const at = valueAt(file, 0x00281053);
        const slope = between(roll, 2, 9);
        file.write(`${slope} `, at, "latin1");
        return { bytes: file, slope, words: `slope ${slope}` };
      }),
    "offsets of a grid": (roll) => {
      const seed = ct(roll, { bits: 16, syntax: SYNTAX.explicit });
      const count = between(roll, 2, 4);
      const offsets = Array.from({ length: count }, (_, i) => i * pick(roll, [1, 2.5]));
      const g = seed.picture.geometry as NonNullable<Picture["geometry"]>;
      const [a, b] = [g.rowDirection, g.columnDirection];
      const normal = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
      const frames = offsets.map((far) => {
        const position = g.position.map((mm, i) => mm + far * (normal[i] as number)) as unknown as typeof g.position;
        return { ...seed.picture, geometry: { ...g, position } };
      });
      const elements = withElements(
        seed,
        [0x00280008, "IS", `${count}`],
        [0x3004000c, "DS", offsets.join("\\")],
        pixels(
          16,
          offsets.flatMap(() => seed.stored),
        ),
      );
      return { bytes: fileOf(elements, seed.syntax), words: `${offsets}`, must: image(frames) };
    },
  },
  refused: {
    "another number of planes": (roll) => {
      const { seed, frames, file } = rle(roll, 1);
      const segments = pick(roll, [0, 3, 4, 15, 2 ** 31, seed.bits === 8 ? 2 : 1]);
      const fragment = rleFrame(seed, frames[0] as number[], roll, segments);
      const must = refused("DamagedFile", /segments/);
      return { bytes: file(encapsulated([fragment])), words: `${segments} segments`, must };
    },
    "a plane cut short": (roll) => {
      const { seed, fragments, file } = rle(roll, 1);
      const [whole] = fragments as [Buffer];
      const keep = 64 + 2 * roll(Math.max(1, Math.floor((seed.width * (seed.height - 1)) / 4)));
      const bytes = file(encapsulated([whole.subarray(0, Math.min(keep, 66))]));
      return { bytes, words: "cut", must: refused(["TruncatedFile", "DamagedFile"], /ends after|segments/) };
    },
    "no fragment": (roll) => {
      const { file } = rle(roll, 1);
      return { bytes: file(encapsulated([])), words: "none", must: refused("TruncatedFile", /empty/) };
    },
    "a compression that is not read": (roll) => {
      const { seed, fragments } = rle(roll, 1);
      const syntax = `1.2.840.10008.1.2.4.${pick(roll, [92, 93, 94, 100, 102, 107, 201, 203])}`;
      const body = bodyOf(without(seed, 0x7fe00010), SYNTAX.explicit);
      const bytes = wrapped(syntax, Buffer.concat([body, encapsulated(fragments)]));
      return { bytes, words: syntax, must: refused("UnsupportedPixels", /not read/) };
    },
    "a stream that is none": (roll) => {
      const { seed, fragments } = rle(roll, 1);
      const syntax = `1.2.840.10008.1.2.4.${pick(roll, [50, 57, 70, 80, 90])}`;
      const body = bodyOf(without(seed, 0x7fe00010), SYNTAX.explicit);
      const bytes = wrapped(syntax, Buffer.concat([body, encapsulated(fragments)]));
      return { bytes, words: syntax, must: refused(["DamagedFile", "UnsupportedPixels"], /JPEG|not read/) };
    },
    "a stream of another size than declared": (roll) => {
      const name = pick(
        roll,
        LOSSLESS.filter((each) => each !== "rle"),
      );
      const file = Buffer.from(STREAMS.get(name) as Buffer);
      const tag = pick(roll, [0x00280010, 0x00280011]);
      file.writeUInt16LE(between(roll, 10, 27), valueAt(file, tag));
      return { bytes: file, words: name, must: refused("DamagedFile", /JPEG|size|pixels/) };
    },
    "a stream cut short": (roll) => {
      const name = pick(
        roll,
        LOSSLESS.filter((each) => each !== "rle"),
      );
      const file = STREAMS.get(name) as Buffer;
      const must = refused(["TruncatedFile", "DamagedFile"], /cut short|broken|JPEG/);
      return { bytes: file.subarray(0, file.length - between(roll, 60, 400)), words: name, must };
    },
  },
});
