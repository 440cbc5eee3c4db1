import { describe, expect, it } from "vitest";
import {
  CIVIDIS,
  type ColourTable,
  colourAt,
  GRADER_COLOURS,
  hexOf,
  type Rgb,
  VIRIDIS,
} from "../../../src/core/colour/colour.ts";

const linear = (byte: number) => (byte <= 10.31475 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
const times = (m: number[][], v: number[]) => m.map((row) => row.reduce((sum, a, i) => sum + a * v[i]!, 0));

/** CIE L*a*b* of linear sRGB, D65. */
function labOf(rgb: number[]): number[] {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const toXyz = [
    [0.4124, 0.3576, 0.1805],
    [0.2126, 0.7152, 0.0722],
    [0.0193, 0.1192, 0.9505],
  ];
  const [x, y, z] = times(toXyz, rgb).map((v, i) => f(v / [0.9505, 1, 1.089][i]!)) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
const lab = (colour: Rgb) => labOf(colour.map(linear));
const apart = (a: number[], b: number[]) => Math.hypot(...a.map((v, i) => v - b[i]!));

/** Full colour blindness in linear sRGB: Viénot, Brettel, Mollon 1999 (protan, deutan). */
const BLIND = {
  protan: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deutan: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};

const entries = (table: ColourTable) => Array.from({ length: 256 }, (_, i) => colourAt(table, (i + 0.5) / 256));

describe("colour tables", () => {
  it("begin and end where they should", () => {
    expect([colourAt(VIRIDIS, 0), colourAt(VIRIDIS, 1)].map(hexOf)).toEqual(["#440154", "#fde725"]);
    expect([colourAt(CIVIDIS, 0), colourAt(CIVIDIS, 1)].map(hexOf)).toEqual(["#00224e", "#fee838"]);
  });

  it("hold to their ends beyond [0, 1]; NaN is the first", () => {
    expect(colourAt(VIRIDIS, 7)).toEqual(colourAt(VIRIDIS, 1));
    expect(colourAt(VIRIDIS, -7)).toEqual(colourAt(VIRIDIS, 0));
    expect(colourAt(VIRIDIS, Number.NaN)).toEqual(colourAt(VIRIDIS, 0));
  });

  it.each([
    ["viridis", VIRIDIS],
    ["cividis", CIVIDIS],
  ])("%s has 256 colours and grows lighter all the way, in even steps", (_, table) => {
    expect(table.length).toBe(768);
    const light = entries(table).map((colour) => lab(colour)[0]!);
    const tenths = Array.from({ length: 9 }, (_, i) => light[(i + 1) * 28]! - light[i * 28]!);
    for (const step of tenths) expect(step).toBeGreaterThan(5);
    expect(Math.max(...tenths) / Math.min(...tenths)).toBeLessThan(2);
  });
});

describe("graders' colours", () => {
  const backdrop = 0.0722 * 0.01; // luminance of a near-black page
  it("stand out from a dark page (contrast at least 4.5)", () => {
    for (const colour of GRADER_COLOURS) {
      const luminance = times([[0.2126, 0.7152, 0.0722]], colour.map(linear))[0]!;
      expect((luminance + 0.05) / (backdrop + 0.05)).toBeGreaterThan(4.5);
    }
  });

  it("are apart for normal, protan and deutan eyes (ΔE at least 15)", () => {
    for (const seen of [null, BLIND.protan, BLIND.deutan]) {
      const all = GRADER_COLOURS.map((colour) => colour.map(linear)).map((v) => labOf(seen ? times(seen, v) : v));
      all.forEach((a, i) => {
        for (const b of all.slice(i + 1)) expect(apart(a, b)).toBeGreaterThan(15);
      });
    }
  });
});

it("graders and you have Okabe and Ito's orange, sky blue, bluish green, reddish purple and yellow", () => {
  expect(GRADER_COLOURS.map(hexOf)).toEqual(["#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#f0e442"]);
});

describe.each([
  ["viridis", VIRIDIS],
  ["cividis", CIVIDIS],
])("%s, made to be told apart by colour-blind eyes", (_, table) => {
  it("becomes lighter with every step, so that it reads as a scale in grey, too", () => {
    const lightness = Array.from({ length: 256 }, (_, row) => luminance(table, row));
    // Bytes are rounded: a step may stand still by less than a thousandth, and never goes back by more.
    for (let row = 1; row < 256; row++) expect(lightness[row]).toBeGreaterThan((lightness[row - 1] as number) - 1e-3);
    for (let row = 8; row < 256; row++) expect(lightness[row]).toBeGreaterThan(lightness[row - 8] as number);
  });
});

/** WCAG's relative luminance of a row. */
function luminance(table: Uint8Array, row: number): number {
  const [red, green, blue] = [0, 1, 2].map((part) => {
    const share = (table[3 * row + part] as number) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
