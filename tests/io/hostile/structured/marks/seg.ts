import { deflateRawSync } from "node:zlib";
import type { ErrorTag } from "../../../../../src/core/errors.ts";
import type { Written } from "../../../../support/dicom-bytes.ts";
import { encapsulated, packBits } from "../dicom/frames.ts";
import { fileOf, SYNTAX, withElements, without } from "../dicom/seed.ts";
import { between, kindsOf, type Mutant, pick, type Roll, refused, words } from "../mutant.ts";
import { sliceOf } from "./onto.ts";

const UID = "1.2.3.4";

interface Segment {
  readonly number: number;
  readonly label: string;
}

/** One frame a segment, each on the slice that it names and at its place. */
interface Seed {
  readonly syntax: string;
  readonly width: number;
  readonly height: number;
  readonly segments: readonly Segment[];
  /** Of each segment, 0 and 1. */
  readonly masks: readonly (readonly number[])[];
  readonly elements: readonly Written[];
}

interface Frame {
  readonly segment: number;
  readonly position?: string;
  readonly uid?: string | null;
}

const frameGroups = ({ segment, position = "0\\0\\5", uid = UID }: Frame): Written[] => [
  ...(uid === null
    ? []
    : [[0x00089124, "SQ", { items: [[[0x00082112, "SQ", { items: [[[0x00081155, "UI", uid]]] }]]] }] as const]),
  [0x00209113, "SQ", { items: [[[0x00200032, "DS", position]]] }],
  [0x0062000a, "SQ", { items: [[[0x0062000b, "US", [segment]]]] }],
];

const segmentItems = (segments: readonly Segment[]): Written => [
  0x00620002,
  "SQ",
  {
    items: segments.map(
      ({ number, label }) =>
        [
          [0x00620004, "US", [number]],
          [0x00620005, "LO", label],
        ] as Written[],
    ),
  },
];
const framesOf = (frames: readonly Frame[]): Written => [0x52009230, "SQ", { items: frames.map(frameGroups) }];

/** Bits of all frames in a row, the lowest first (PS3.5 §8.1.1). */
function bitsOf(masks: readonly (readonly number[])[]): Written {
  const bits = masks.flat();
  const bytes = new Uint8Array(2 * Math.ceil(bits.length / 16));
  for (const [i, bit] of bits.entries()) bytes[i >> 3] = (bytes[i >> 3] as number) | (bit << (i & 7));
  return [0x7fe00010, "OB", bytes];
}

function seedOf(roll: Roll): Seed {
  const [width, height] = [between(roll, 3, 9), between(roll, 3, 9)];
  const segments = Array.from({ length: between(roll, 1, 3) }, (_, i) => ({ number: i + 1, label: `Reader ${i + 1}` }));
  const masks = segments.map(() => Array.from({ length: width * height }, () => roll(2)));
  const elements: Written[] = [
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.66.4"],
    [0x00080018, "UI", "1.2.3.99"],
    [0x00080060, "CS", "SEG"],
    [0x00081115, "SQ", { items: [[[0x0020000e, "UI", "1.2.3"]]] }],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280008, "IS", `${segments.length}`],
    [0x00280010, "US", [height]],
    [0x00280011, "US", [width]],
    [0x00280100, "US", [1]],
    [0x00280101, "US", [1]],
    [0x00280102, "US", [0]],
    [0x00280103, "US", [0]],
    [0x00620001, "CS", "BINARY"],
    segmentItems(segments),
    [
      0x52009229,
      "SQ",
      {
        items: [
          [
            [0x00209116, "SQ", { items: [[[0x00200037, "DS", "1\\0\\0\\0\\1\\0"]]] }],
            [
              0x00289110,
              "SQ",
              {
                items: [
                  [
                    [0x00180050, "DS", "2"],
                    [0x00280030, "DS", "1\\1"],
                  ],
                ],
              },
            ],
          ],
        ],
      },
    ],
    framesOf(segments.map(({ number }) => ({ segment: number }))),
    bitsOf(masks),
  ];
  const syntax = pick(roll, [SYNTAX.explicit, SYNTAX.implicit, SYNTAX.deflated]);
  return { syntax, width, height, segments, masks, elements };
}

interface Grader {
  readonly name: string;
  readonly mask: readonly number[] | null;
}

/** A grader as judge.ts describes one: the places of its pixels. */
const graderOf = (name: string, bits: readonly number[]): Grader => {
  const mask = bits.flatMap((bit, i) => (bit ? [i] : []));
  return { name, mask: mask.length > 0 ? mask : null };
};
const gradersOf = ({ segments, masks }: Pick<Seed, "segments" | "masks">) =>
  segments.map(({ label }, i) => graderOf(label, masks[i] as number[]));

interface Change {
  readonly words: string;
  readonly elements: readonly Written[];
  readonly graders?: readonly Grader[];
  readonly notes?: readonly RegExp[];
}

type Make = (seed: Seed, roll: Roll) => Change;

function opening(make: Make) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    const { words: said, elements, graders = gradersOf(seed), notes = [] } = make(seed, roll);
    const must = { opens: { kind: "marks", graders }, notes };
    return { bytes: fileOf(elements, seed.syntax), words: said, must, onto: sliceOf(seed.width, seed.height, UID, 5) };
  };
}

function refusing(tags: ErrorTag | readonly ErrorTag[], says: RegExp, make: Make) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    const { words: said, elements } = make(seed, roll);
    return { bytes: fileOf(elements, seed.syntax), words: said, must: refused(tags, says) };
  };
}

const bytesFor = (values: readonly number[], more: Written[] = []): Written[] => [
  [0x00280100, "US", [8]],
  [0x00280101, "US", [8]],
  [0x00280102, "US", [7]],
  ...more,
  [0x7fe00010, "OB", values],
];

/** Each frame for itself: by RLE or deflated, of bits (eight to a byte, or a byte each) or of labels. */
function packedFrames(seed: Seed, syntax: string, wide: boolean, roll: Roll): Uint8Array[] {
  return seed.masks.map((mask) => {
    const packed = Array.from({ length: Math.ceil(mask.length / 8) }, (_, byte) =>
      mask.slice(8 * byte, 8 * byte + 8).reduce((sum, bit, i) => sum | (bit << i), 0),
    );
    const plain = wide ? [...mask] : packed;
    if (syntax === SYNTAX.deflatedFrames) {
      const deflated = deflateRawSync(Uint8Array.from(plain), { level: roll(10) });
      return deflated.length % 2 === 0 ? deflated : Buffer.concat([deflated, Buffer.of(0)]);
    }
    const header = Buffer.alloc(64);
    header.writeUInt32LE(1, 0);
    header.writeUInt32LE(64, 4);
    return Buffer.concat([header, Buffer.from(packBits(plain, roll))]);
  });
}

function packedFile(seed: Seed, frames: readonly Uint8Array[], syntax: string, bits: 1 | 8): Uint8Array {
  const whole: Written[] = [
    [0x00280100, "US", [bits]],
    [0x00280101, "US", [bits]],
    [0x00280102, "US", [bits - 1]],
    ...(bits === 8
      ? ([
          [0x00620001, "CS", "FRACTIONAL"],
          [0x0062000e, "US", [1]],
        ] as Written[])
      : []),
  ];
  const header = without({ ...seed, elements: withElements(seed, ...whole) }, 0x7fe00010);
  return Buffer.concat([fileOf(header, syntax), encapsulated(frames)]);
}

function packedBy(roll: Roll, change: (frames: Uint8Array[]) => Uint8Array[] = (frames) => frames) {
  const seed = seedOf(roll);
  const syntax = pick(roll, [SYNTAX.rle, SYNTAX.deflatedFrames]);
  const bits = pick(roll, [1, 8] as const);
  const frames = change(packedFrames(seed, syntax, bits === 8 || roll(3) === 0, roll));
  return { seed, bytes: packedFile(seed, frames, syntax, bits), words: `${syntax}, ${bits} bits` };
}

export const SEG_KINDS = kindsOf("dicom-seg", {
  same: {
    "elements of no meaning for the marks": opening((seed, roll) => ({
      words: "a name, a private element",
      elements: withElements(seed, [0x00100010, "PN", words(roll)], [0x00091010, "LO", words(roll)]),
    })),
    "segments listed in another order of frames": opening((seed) => {
      const frames = seed.segments.map(({ number }) => ({ segment: number })).reverse();
      const bits = bitsOf([...seed.masks].reverse());
      return { words: "reversed", elements: withElements(seed, framesOf(frames), bits) };
    }),
    "matched by place, where no picture is named": opening((seed) => {
      const frames = seed.segments.map(({ number }) => ({ segment: number, uid: null }));
      return { words: "by place", elements: withElements(seed, framesOf(frames)) };
    }),
    "frames that are compressed each": (roll) => {
      const { seed, bytes, words: said } = packedBy(roll);
      const must = { opens: { kind: "marks", graders: gradersOf(seed) }, notes: [] };
      return { bytes, words: said, must, onto: sliceOf(seed.width, seed.height, UID, 5) };
    },
    "shares of 0 and the highest": opening((seed, roll) => {
      const most = between(roll, 1, 255);
      const values = seed.masks.flat().map((bit) => bit * most);
      const more: Written[] = [
        [0x00620001, "CS", "FRACTIONAL"],
        [0x00620010, "CS", pick(roll, ["PROBABILITY", "OCCUPANCY"])],
        [0x0062000e, "US", [most]],
      ];
      return { words: `most ${most}`, elements: withElements(seed, ...bytesFor(values, more)) };
    }),
  },
  note: {
    "more bits than declared": opening((seed, roll) => {
      const more = Array.from({ length: between(roll, 8, 20) * 16 }, () => roll(2));
      return { words: "surplus", elements: withElements(seed, bitsOf([...seed.masks, more])), notes: [/bytes more/] };
    }),
    "more bytes than declared": opening((seed, roll) => {
      const values = [...seed.masks.flat(), ...new Array(between(roll, 2, 50)).fill(1)];
      const more: Written[] = [
        [0x00620001, "CS", "FRACTIONAL"],
        [0x0062000e, "US", [1]],
      ];
      return { words: "surplus", elements: withElements(seed, ...bytesFor(values, more)), notes: [/bytes more/] };
    }),
  },
  changed: {
    "another label": opening((seed, roll) => {
      const label = words(roll).trim() || "x";
      const segments = seed.segments.map((segment, i) => (i === 0 ? { ...segment, label } : segment));
      const graders = gradersOf({ ...seed, segments });
      return { words: label, elements: withElements(seed, segmentItems(segments)), graders };
    }),
    "one pixel more or less": opening((seed, roll) => {
      const at = roll(seed.width * seed.height);
      const masks = seed.masks.map((mask, i) => (i === 0 ? mask.map((bit, p) => (p === at ? 1 - bit : bit)) : mask));
      return {
        words: `pixel ${at}`,
        elements: withElements(seed, bitsOf(masks)),
        graders: gradersOf({ ...seed, masks }),
      };
    }),
    "one pixel to the right, by its place": opening((seed) => {
      const frames = seed.segments.map(({ number }) => ({ segment: number, uid: null, position: "1\\0\\5" }));
      const masks = seed.masks.map((mask) => mask.map((_, p) => (p % seed.width === 0 ? 0 : (mask[p - 1] as number))));
      return { words: "x + 1", elements: withElements(seed, framesOf(frames)), graders: gradersOf({ ...seed, masks }) };
    }),
    "another slice, by its place": opening((seed) => {
      const frames = seed.segments.map(({ number }) => ({ segment: number, uid: null, position: "0\\0\\25" }));
      const graders = seed.segments.map(({ label }) => ({ name: label, mask: null }));
      return { words: "z + 20", elements: withElements(seed, framesOf(frames)), graders };
    }),
  },
  refused: {
    "fewer compressed frames than declared": (roll) => {
      const { bytes, words: said } = packedBy(roll, (frames) => [...frames.slice(1)]);
      return { bytes, words: said, must: refused("TruncatedFile", /ends after|empty/) };
    },
    "a compressed frame without its end": (roll) => {
      const { bytes, words: said } = packedBy(roll, ([first, ...frames]) => [
        (first as Uint8Array).subarray(0, 2 * roll(2)),
        ...frames,
      ]);
      return {
        bytes,
        words: said,
        must: refused(["DamagedFile", "TruncatedFile"], /broken or cut|segments where|ends/),
      };
    },
    "no segments": refusing("DamagedFile", /names no segment/, (seed) => ({
      words: "gone",
      elements: without(seed, 0x00620002),
    })),
    "a frame of a segment that there is not": refusing("DamagedFile", /belongs to no segment/, (seed, roll) => {
      const frames = seed.segments.map(({ number }) => ({ segment: number + between(roll, 10, 99) }));
      return { words: "unknown", elements: withElements(seed, framesOf(frames)) };
    }),
    "two segments of one number": refusing("DamagedFile", /two segments/, (seed) => ({
      words: "1 and 1",
      elements: withElements(seed, segmentItems([...seed.segments, { number: 1, label: "again" }])),
    })),
    "frames without groups of their own": refusing("DamagedFile", /belongs to no segment/, (seed) => ({
      words: "gone",
      elements: without(seed, 0x52009230),
    })),
    "bits that no reader has": refusing("DamagedFile", /bits/, (seed, roll) => ({
      words: "BitsAllocated",
      elements: withElements(seed, [0x00280100, "US", [pick(roll, [0, 2, 4, 12, 32, 64])]]),
    })),
    "more frames than pixels": refusing("TruncatedFile", /ends/, (seed, roll) => {
      const count = seed.segments.length + between(roll, 4, 60);
      const frames = Array.from({ length: count }, () => ({ segment: 1 }));
      return { words: `${count}`, elements: withElements(seed, framesOf(frames), [0x00280008, "IS", `${count}`]) };
    }),
    "a number of frames that is none": refusing("DamagedFile", /pictures/, (seed, roll) => ({
      words: "frames",
      elements: withElements(seed, [0x00280008, "IS", pick(roll, ["0", "-1", "1.5", "abc", "0x2"])]),
    })),
    "no pixels": refusing("TruncatedFile", /before its pixel data/, (seed) => ({
      words: "gone",
      elements: without(seed, 0x7fe00010),
    })),
    "no side": refusing("DamagedFile", /pictures/, (seed, roll) => ({
      words: "0",
      elements: withElements(seed, [pick(roll, [0x00280010, 0x00280011]), "US", [0]]),
    })),
  },
});
