import { describe, expect, it } from "vitest";
import { couplingNamed } from "../../../src/core/lesion/coupling.ts";
import { type FollowedSlice, followLesion, type LesionSeries } from "../../../src/core/lesion/follow-lesion.ts";
import type { LesionModel } from "../../../src/core/lesion/sample-lesion.ts";
import { emptyMask, type Grader, type Slice } from "../../../src/core/values/slice.ts";
import { turns } from "../../support/until.ts";

const SIDE = 12;

/** Two members that mark what is brighter than .4 and than .8 of a crop of 8 × 8. */
const MODEL: LesionModel & { readonly config: { readonly preprocessing: { readonly size: number } } } = {
  config: { preprocessing: { size: 8 } },
  choice: "member",
  members: 2,
  head: null,
  prepare: async (crop) => ({ crop, prior: null, encoding: null }),
  draw: async ({ crop }, choices) => {
    const indices = choices.kind === "member" ? choices.indices : [];
    const probabilities = Float32Array.from(
      indices.flatMap((n) => [...crop.values].map((v) => (v > [0.4, 0.8][n]! ? 1 : 0))),
    );
    return { samples: { count: indices.length, width: 8, height: 8, probabilities } };
  },
};

/** Bright in the middle of slices 1 to 3; each reader's mark is one pixel in the slice's own size. */
function seriesOf(parts: { readonly graders?: (k: number) => readonly Grader[]; readonly wideAt?: number } = {}) {
  const read: number[] = [];
  const series: LesionSeries = {
    name: "scan.nrrd",
    places: [0, 2, 4, 6, 8, 10, 12],
    read: async (k) => {
      read.push(k);
      const width = k === parts.wideAt ? SIDE + 1 : SIDE;
      const lit = k >= 1 && k <= 3;
      const values = Float32Array.from({ length: width * SIDE }, (_, i) => {
        const [x, y] = [i % width, Math.floor(i / width)];
        if (!lit) return i % 2; // noise that no slice is without: min–max would else make a lesion of nothing
        return Math.max(Math.abs(x - 6), Math.abs(y - 6)) > 1 ? 0 : x === 6 ? 10 : 5;
      });
      return {
        slice: { width, height: SIDE, values, padding: null } as unknown as Slice,
        graders: parts.graders?.(k) ?? [],
      };
    },
  };
  return { series, read };
}
const ORDER = {
  start: 2,
  at: [6, 6] as const,
  seed: 0,
  count: 2,
  threshold: 0.5,
  coupling: couplingNamed("same-z"),
  draw: 0,
};

describe("following a lesion", () => {
  it("tells the model which picture each crop is of, where the series knows it: given samples are found by that", async () => {
    const { series } = seriesOf();
    const asked: (string | undefined)[] = [];
    const model = {
      ...MODEL,
      prepare: async (crop: Parameters<LesionModel["prepare"]>[0]) => {
        asked.push(crop.picture);
        return MODEL.prepare(crop);
      },
    };
    const named = { ...series, read: async (k: number) => ({ ...(await series.read(k)), picture: `slice ${k}` }) };
    await followLesion(model, named, ORDER, () => undefined);
    expect(asked.slice(0, 2)).toEqual(["slice 2", expect.stringMatching(/^slice [13]$/)]);
  });

  it("looks at one region through the slices, each once, the one pointed at first", async () => {
    const { series, read } = seriesOf();
    const seen: FollowedSlice[] = [];
    const { origin } = await followLesion(MODEL, series, ORDER, (slice) => seen.push(slice));
    expect(origin).toEqual([2, 2]);
    expect(seen.map(({ index }) => index)).toEqual(read);
    expect(read[0]).toBe(2);
    expect(new Set(read).size).toBe(read.length);
    expect(seen[0]?.samples.map(({ bits }) => bits.reduce((sum, bit) => sum + bit, 0))).toEqual([9, 3]);
    // p is 1 of one sample and 0 of the other where only the first marks
    expect([...new Set(seen[0]?.variance)].sort()).toEqual([0, 0.25]);
  });

  it("has a crew look at the next slice while one is drawn, and gives the same slices in the same order", async () => {
    const events: string[] = [];
    const numbered = (crop: Parameters<LesionModel["prepare"]>[0]) => crop.picture as string;
    const prepare: LesionModel["prepare"] = async (crop) => {
      events.push(`look ${numbered(crop)}`);
      return MODEL.prepare(crop);
    };
    const draw: LesionModel["draw"] = async (prepared, ...rest) => {
      await turns(3);
      events.push(`draw ${numbered(prepared.crop)}`);
      return MODEL.draw(prepared, ...rest);
    };
    const { series } = seriesOf();
    const named = { ...series, read: async (k: number) => ({ ...(await series.read(k)), picture: String(k) }) };
    const [alone, helped] = [[], []] as FollowedSlice[][];
    await followLesion({ ...MODEL, prepare, draw }, named, ORDER, (slice) => alone?.push(slice));
    expect(events.slice(0, 4)).toEqual(["look 2", "draw 2", "look 3", "draw 3"]);
    events.length = 0;
    const crew = { lanes: 2, prepare };
    await followLesion({ ...MODEL, draw, crew }, named, ORDER, (slice) => helped?.push(slice));
    expect(events.slice(0, 5)).toEqual(["look 2", "draw 2", "look 4", "look 3", "draw 3"]);
    expect(helped).toEqual(alone);
    expect(events.filter((event) => event.startsWith("look"))).toHaveLength(alone?.length as number); // none in vain
  });

  it("tells of a slice that a crew could not look at when its turn comes", async () => {
    const { series } = seriesOf({ wideAt: 4 });
    const seen: number[] = [];
    const crew = { lanes: 2, prepare: MODEL.prepare };
    const following = followLesion({ ...MODEL, crew }, series, ORDER, ({ index }) => seen.push(index));
    await expect(following).rejects.toMatchObject({ tag: "GeometryMismatch" });
    expect(seen).toEqual([2, 3]);
  });

  it("cuts the graders of the slice pointed at out of every slice; who drew nothing there has an empty mask", async () => {
    const mask = emptyMask(SIDE, SIDE);
    mask.bits[6 * SIDE + 6] = 1;
    const graders = (k: number): Grader[] => [
      { name: "A", mask },
      { name: "B", mask: k === 2 ? null : mask },
      ...(k === 2 ? [] : [{ name: "late", mask }]),
    ];
    const seen: FollowedSlice[] = [];
    const found = await followLesion(MODEL, seriesOf({ graders }).series, ORDER, (slice) => seen.push(slice));
    expect(found.graderNames).toEqual(["A", "B"]);
    const marked = seen.map((one) => one.graders.map(({ bits }) => bits.indexOf(1)));
    expect(marked.slice(0, 2)).toEqual([
      [4 * 8 + 4, -1],
      [4 * 8 + 4, 4 * 8 + 4],
    ]);
    expect(found.grown.graders).toHaveLength(2);
  });

  it("refuses a slice of another size", async () => {
    await expect(followLesion(MODEL, seriesOf({ wideAt: 3 }).series, ORDER, () => {})).rejects.toThrow(
      "its slice 3 has 13×12 pixels, others 12×12",
    );
  });

  it("draws each slice by its number in the series, or by the draw number that the series has for it", async () => {
    const seedsOf = async (draws?: readonly number[]) => {
      const seeds: string[] = [];
      const model: typeof MODEL = {
        ...MODEL,
        ...{ choice: "seed", members: null },
        draw: (prepared, choices, want) => {
          seeds.push(choices.kind === "seed" ? choices.seeds.join() : "");
          return MODEL.draw(prepared, { kind: "member", indices: [0, 1] }, want);
        },
      };
      await followLesion(model, { ...seriesOf().series, ...(draws && { draws }) }, { ...ORDER, draw: 3 }, () => {});
      return seeds;
    };
    const plain = await seedsOf();
    expect(await seedsOf([3, 4, 5, 6, 7, 8, 9])).toEqual(plain);
    const turned = await seedsOf([7, 6, 5, 4, 3, 2, 1]);
    expect(turned[0]).toBe(plain[0]); // slice 2 has number 5 both ways
    expect(new Set([...plain, ...turned]).size).toBeGreaterThan(plain.length);
  });
});
