import type { ErrorTag } from "../../../../../src/core/errors.ts";
import type { Written } from "../../../../support/dicom-bytes.ts";
import { fileOf, SYNTAX } from "../dicom/seed.ts";
import { between, kindsOf, type Mutant, NO_NUMBERS, pick, type Roll, refused, words } from "../mutant.ts";
import { sliceOf } from "./onto.ts";

const UID = "1.2.3.4";
const [WIDTH, HEIGHT, Z] = [12, 10, 5];

/** A rectangle of whole pixels: its first column and row, and its sides. */
type Box = readonly [x: number, y: number, width: number, height: number];

interface Seed {
  readonly names: readonly string[];
  /** One of each region. */
  readonly boxes: readonly Box[];
}

function seedOf(roll: Roll): Seed {
  const count = between(roll, 1, 3);
  const boxes = Array.from({ length: count }, (): Box => {
    const [width, height] = [between(roll, 1, 5), between(roll, 1, 5)];
    return [roll(WIDTH - width), roll(HEIGHT - height), width, height];
  });
  return { names: boxes.map((_, i) => `Reader ${i + 1}`), boxes };
}

/** Half a pixel off the centres on each side, at one millimetre a pixel. */
function cornersOf([x, y, width, height]: Box): [number, number][] {
  return [
    [x - 0.5, y - 0.5],
    [x + width - 0.5, y - 0.5],
    [x + width - 0.5, y + height - 0.5],
    [x - 0.5, y + height - 0.5],
  ];
}

interface Drawn {
  readonly points?: readonly (readonly [number, number])[];
  readonly data?: string;
  readonly uid?: string | null;
  readonly z?: number;
  readonly kind?: string;
  readonly count?: string | null;
}

function contour({ points = [], data, uid = UID, z = Z, kind = "CLOSED_PLANAR", count }: Drawn): Written[] {
  const said = count === undefined ? `${points.length}` : count;
  return [
    ...(uid === null ? [] : [[0x30060016, "SQ", { items: [[[0x00081155, "UI", uid]]] }] as Written]),
    [0x30060042, "CS", kind],
    ...(said === null ? [] : [[0x30060046, "IS", said] as Written]),
    [0x30060050, "DS", data ?? points.map(([x, y]) => `${x}\\${y}\\${z}`).join("\\")],
  ];
}

interface Change {
  readonly words: string;
  readonly names?: readonly string[];
  readonly numbers?: readonly string[];
  readonly contours?: readonly (readonly Drawn[])[];
  readonly more?: readonly Written[];
  /** Places of each grader's pixels. */
  readonly boxes?: readonly (Box | null)[];
  readonly notes?: readonly RegExp[];
}

function bytesOf(seed: Seed, change: Change, roll: Roll): Uint8Array {
  const { names = seed.names, contours = seed.boxes.map((box) => [{ points: cornersOf(box) }]), more = [] } = change;
  const numbers = change.numbers ?? names.map((_, i) => `${i + 1}`);
  const elements: Written[] = [
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.3"],
    [0x00080018, "UI", "1.2.3.99"],
    [0x00080060, "CS", "RTSTRUCT"],
    ...more,
    [
      0x30060020,
      "SQ",
      {
        items: names.map((name, i): Written[] => [
          [0x30060022, "IS", numbers[i] as string],
          [0x30060026, "LO", name],
        ]),
      },
    ],
    [
      0x30060039,
      "SQ",
      {
        items: contours.map((all, i): Written[] => [
          [0x30060040, "SQ", { items: all.map(contour) }],
          [0x30060084, "IS", `${i + 1}`],
        ]),
      },
    ],
  ];
  return fileOf(elements, pick(roll, [SYNTAX.explicit, SYNTAX.implicit, SYNTAX.deflated]));
}

const EACH = /regions of interest is taken for a grader/;

function opening(make: (seed: Seed, roll: Roll) => Change) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    const change = make(seed, roll);
    const { names = seed.names, boxes = seed.boxes, notes = [] } = change;
    const graders = names.map((name, i) => {
      const box = boxes[i];
      if (!box) return { name, mask: null };
      const [x, y, width, height] = box;
      return {
        name,
        mask: Array.from({ length: width * height }, (_, p) => (y + Math.floor(p / width)) * WIDTH + x + (p % width)),
      };
    });
    const must = { opens: { kind: "marks", graders }, notes: [...notes, ...(names.length > 1 ? [EACH] : [])] };
    return { bytes: bytesOf(seed, change, roll), words: change.words, must, onto: sliceOf(WIDTH, HEIGHT, UID, Z) };
  };
}

function refusing(tags: ErrorTag | readonly ErrorTag[], says: RegExp, make: (seed: Seed, roll: Roll) => Change) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    const change = make(seed, roll);
    return { bytes: bytesOf(seed, change, roll), words: change.words, must: refused(tags, says) };
  };
}

const each = (seed: Seed, drawn: (corners: [number, number][], i: number) => Drawn) =>
  seed.boxes.map((box, i) => [drawn(cornersOf(box), i)]);

export const RTSTRUCT_KINDS = kindsOf("rtstruct", {
  same: {
    "elements of no meaning for the marks": opening((_seed, roll) => ({
      words: "a name",
      more: [[0x00100010, "PN", words(roll)]],
    })),
    "the other way round, from another corner": opening((seed, roll) => {
      const first = roll(4);
      const turned = (corners: [number, number][]) => [...corners.slice(first), ...corners.slice(0, first)].reverse();
      return { words: `${first}`, contours: each(seed, (corners) => ({ points: turned(corners) })) };
    }),
    "the first point repeated as the last": opening((seed) => ({
      words: "closed",
      contours: each(seed, (corners) => ({ points: [...corners, corners[0] as [number, number]] })),
    })),
    "no picture named, in the slice's plane": opening((seed, roll) => {
      const off = pick(roll, [0, 0.05, -0.09]);
      return { words: `${off} mm`, contours: each(seed, (points) => ({ points, uid: null, z: Z + off })) };
    }),
    "no number of points": opening((seed) => ({
      words: "gone",
      contours: each(seed, (points) => ({ points, count: null })),
    })),
    "twice the same contour": opening((seed) => ({
      words: "twice",
      contours: each(seed, (points) => ({ points })).map(([one]) => [one as Drawn, one as Drawn]),
    })),
  },
  note: {
    "points and open lines": opening((seed, roll) => {
      const kind = pick(roll, ["POINT", "OPEN_PLANAR", "OPEN_NONPLANAR", ""]);
      return {
        words: kind,
        contours: each(seed, (points) => ({ points })).map(([one]) => [one as Drawn, { points: [[1, 1]], kind }]),
        notes: [/enclose nothing/],
      };
    }),
    "another number of points than declared": opening((seed, roll) => ({
      words: "count",
      contours: each(seed, (points) => ({ points, count: `${pick(roll, [0, 3, 5, 99])}` })),
      notes: [/another number of points/],
    })),
  },
  changed: {
    "another name": opening((seed, roll) => {
      const name = words(roll).trim() || "x";
      return { words: name, names: [name, ...seed.names.slice(1)] };
    }),
    "one pixel to the right": opening((seed) => ({
      words: "x + 1",
      contours: each(seed, (corners) => ({ points: corners.map(([x, y]) => [x + 1, y]) })),
      boxes: seed.boxes.map(([x, y, w, h]) => [x + 1, y, w, h]),
    })),
    "in another plane, on no picture that is named": opening((seed, roll) => ({
      words: "z",
      contours: each(seed, (points) => ({ points, uid: null, z: Z + pick(roll, [0.2, -1, 30]) })),
      boxes: seed.boxes.map(() => null),
    })),
    "turned round twice, which is nothing": opening((seed) => ({
      words: "xor",
      contours: each(seed, (points) => ({ points, kind: "CLOSEDPLANAR_XOR" })).map(([one]) => [
        one as Drawn,
        one as Drawn,
      ]),
      boxes: seed.boxes.map(() => null),
    })),
  },
  refused: {
    "no regions": refusing("DamagedFile", /names no region/, () => ({ words: "none", names: [], contours: [] })),
    "contours of a region that there is not": refusing("DamagedFile", /belong to no region/, (seed, roll) => ({
      words: "unknown",
      numbers: seed.names
        .map((_, i) => `${i + between(roll, 10, 99)}`)
        .map((number, i) => `${Number(number) + 100 * i}`),
    })),
    "two regions of one number": refusing("DamagedFile", /two of its regions/, (seed) => ({
      words: "1 and 1",
      names: [...seed.names, "again"],
      numbers: [...seed.names.map((_, i) => `${i + 1}`), "1"],
    })),
    "a region without a number": refusing("DamagedFile", /has no number/, (seed, roll) => ({
      words: "no number",
      numbers: seed.names.map(() => pick(roll, ["", ...NO_NUMBERS.filter((word) => word !== "1,5")])),
    })),
    "a contour that ends within a point": refusing("DamagedFile", /within a point/, (seed, roll) => ({
      words: "cut",
      contours: each(seed, () => ({
        data: new Array(between(roll, 2, 4) * 3 + between(roll, 1, 2)).fill("1").join("\\"),
      })),
    })),
    "text that is no number": refusing("DamagedFile", /no number/, (seed, roll) => ({
      words: "text",
      contours: each(seed, () => ({ data: `1\\2\\3\\4\\${pick(roll, NO_NUMBERS)}\\6\\7\\8\\9` })),
    })),
  },
});
