import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  agreementOf,
  dice,
  diversity,
  ged2,
  ged2ByCount,
  hmIou,
  iou,
  nestedness,
} from "../../../src/core/measures/agreement.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

/** A row of pixels: "0110". */
const mask = (row: string): Mask => ({ width: row.length, height: 1, bits: Uint8Array.from(row, Number) });
const masks = (...rows: string[]) => rows.map(mask);
const someMasks = (maxLength: number) =>
  fc
    .array(fc.array(fc.constantFrom("0", "1"), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength })
    .map((sets) => sets.map((bits) => mask(bits.join(""))));

/** The definition, read aloud: no packing, no sharing. */
function slowIou(a: Mask, b: Mask): number {
  let shared = 0;
  let union = 0;
  a.bits.forEach((bit, i) => {
    shared += bit & b.bits[i]!;
    union += bit | b.bits[i]!;
  });
  return union === 0 ? 1 : shared / union;
}
const slowMean = (a: Mask[], b: Mask[]) =>
  a.flatMap((x) => b.map((y) => 1 - slowIou(x, y))).reduce((sum, d) => sum + d, 0) / (a.length * b.length);

function subsets<T>(items: T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}

function permutations(items: number[]): number[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** Tries every assignment. */
function slowHmIou(samples: Mask[], graders: Mask[]): number {
  let size = 1;
  while (size % samples.length !== 0 || size % graders.length !== 0) size++;
  const order = Array.from({ length: size }, (_, i) => i);
  const total = (p: number[]) =>
    p.reduce((sum, j, i) => sum + slowIou(samples[i % samples.length]!, graders[j % graders.length]!), 0);
  return Math.max(...permutations(order).map(total)) / size;
}

describe("IoU and Dice", () => {
  it("count pixels: 1 shared of 3 marked", () => {
    expect(iou(mask("110"), mask("011"))).toBeCloseTo(1 / 3, 12);
    expect(dice(mask("110"), mask("011"))).toBe(0.5); // 2·1 / (2 + 2)
  });

  it("two empty masks agree fully, an empty and a marked one not at all", () => {
    expect([iou(mask("00"), mask("00")), dice(mask("00"), mask("00"))]).toEqual([1, 1]);
    expect([iou(mask("00"), mask("01")), dice(mask("00"), mask("01"))]).toEqual([0, 0]);
  });

  it("are symmetric, within [0, 1], and Dice = 2·IoU / (1 + IoU), at any number of pixels", () => {
    const row = fc.array(fc.boolean(), { minLength: 70, maxLength: 70 });
    fc.assert(
      fc.property(row, row, (a, b) => {
        const [x, y] = [a, b].map((bits) => ({ width: 70, height: 1, bits: Uint8Array.from(bits, Number) })) as [
          Mask,
          Mask,
        ];
        expect(iou(x, y)).toBe(slowIou(x, y));
        expect(iou(x, y)).toBe(iou(y, x));
        expect(dice(x, y)).toBeCloseTo((2 * iou(x, y)) / (1 + iou(x, y)), 12);
      }),
    );
  });

  it("masks of different sizes cannot be compared", () => {
    expect(() => iou(mask("00"), mask("000"))).toThrow(/3 × 1 pixels cannot be compared with one of 2 × 1/);
  });
});

describe("GED²", () => {
  it("one sample on two graders: 2·mean d(S,Y) − 0 − E[d(Y,Y′)]", () => {
    // S = 110; Y = 110, 000. d(S,Y) = 0, 1: mean ½. d(Y,Y′) over the 4 pairs: 0, 1, 1, 0: ½. 2·½ − 0 − ½ = ½
    expect(ged2(masks("110"), masks("110", "000"))).toEqual({
      ged2: 0.5,
      sampleGrader: 0.5,
      diversity: 0,
      graderSpread: 0.5,
    });
  });

  it("identical sets are at 0, whatever their order and number (biased)", () => {
    fc.assert(
      fc.property(someMasks(5), (set) => {
        expect(ged2(set, [...set].reverse()).ged2).toBeCloseTo(0, 12);
        expect(ged2([...set, ...set], set).ged2).toBeCloseTo(0, 12);
      }),
    );
  });

  it("follows the definition, is symmetric and never negative", () => {
    fc.assert(
      fc.property(someMasks(5), someMasks(4), (s, y) => {
        const found = ged2(s, y);
        expect(found.ged2).toBeCloseTo(2 * slowMean(s, y) - slowMean(s, s) - slowMean(y, y), 12);
        expect(found.ged2).toBeCloseTo(ged2(y, s).ged2, 12);
        expect(found.ged2).toBeGreaterThan(-1e-12);
        expect(found.diversity).toBeCloseTo(diversity(s), 12);
      }),
    );
  });

  it("needs a mask on each side", () => {
    expect(() => ged2([], masks("0"))).toThrow(/at least one mask/);
    expect(() => ged2(masks("0"), [])).toThrow(/at least one mask/);
  });
});

describe("HM-IoU", () => {
  it("pairs each sample with its own grader", () => {
    expect(hmIou(masks("1100", "0011"), masks("0011", "1100"))).toBe(1);
  });

  it("repeats the shorter side: 1 sample on 2 graders is the mean of both IoUs", () => {
    expect(hmIou(masks("11"), masks("11", "01"))).toBe(0.75); // (1 + ½) / 2
  });

  it("is the best of all assignments", () => {
    const sets = fc.constantFrom([1, 4], [2, 4], [3, 2], [4, 4], [6, 3], [5, 5]).chain(([n, k]) => {
      const set = (length: number) => someMasks(length).filter((found) => found.length === length);
      return fc.tuple(set(n!), set(k!));
    });
    fc.assert(
      fc.property(sets, ([s, y]) => {
        expect(hmIou(s, y)).toBeCloseTo(slowHmIou(s, y), 12);
      }),
      { numRuns: 60 },
    );
  });

  it("100 samples on 3 graders still take their time in milliseconds", () => {
    const samples = Array.from({ length: 100 }, (_, i) =>
      mask((i * 2654435761).toString(2).padStart(40, "0").slice(-40)),
    );
    const found = hmIou(samples, samples.slice(0, 3));
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(1);
  });
});

describe("nestedness", () => {
  it("is the share of pairs in which one contains the other", () => {
    // 100 ⊂ 110; 100 and 011 apart; 110 and 011 cross: 1 of 3
    expect(nestedness(masks("100", "110", "011"))).toBeCloseTo(1 / 3, 12);
    expect(nestedness(masks("100", "110", "111"))).toBe(1);
  });

  it("counts a pair whichever of the two comes first", () => {
    expect(nestedness(masks("100", "110"))).toBe(1); // only the earlier is inside
    expect(nestedness(masks("110", "100"))).toBe(1); // only the later is inside
  });

  it("leaves out empty samples and pairs of the same mask", () => {
    expect(nestedness(masks("100", "100", "000"))).toBeNull();
    expect(nestedness(masks("000", "100", "110", "110"))).toBe(1); // 100 ⊂ 110 twice; 110 = 110 left out
    expect(nestedness([])).toBeNull();
  });
});

it("agreementOf gives what each measure gives alone", () => {
  fc.assert(
    fc.property(someMasks(5), someMasks(4), (s, y) => {
      const { hmIou: matched, nestedness: share, ...rest } = agreementOf(s, y);
      expect(rest).toEqual(ged2(s, y));
      expect(matched).toBe(hmIou(s, y));
      expect(share).toBe(nestedness(s));
    }),
  );
});

describe("GED² against the number of samples", () => {
  it("is at n the mean over all choices of n samples, each pair counted, a sample with itself too", () => {
    fc.assert(
      fc.property(someMasks(4), someMasks(3), (samples, graders) => {
        const curve = ged2ByCount(samples, graders);
        expect(curve).toHaveLength(samples.length);
        curve.forEach((value, i) => {
          const chosen = subsets(samples, i + 1);
          const mean = chosen.reduce((sum, some) => sum + ged2(some, graders).ged2, 0) / chosen.length;
          expect(value).toBeCloseTo(mean, 10);
        });
      }),
    );
  });

  it("is by hand: two samples half apart, one grader like the first", () => {
    // d(S,Y) = (0 + .5)/2; one sample: 2·.25 = .5; two: .5 − (0 + .5 + .5 + 0)/4 = .25
    expect(ged2ByCount(masks("1100", "1000"), masks("1100"))).toEqual([0.5, 0.25]);
  });
});
