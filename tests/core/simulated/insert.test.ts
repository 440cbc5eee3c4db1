import { describe, expect, it } from "vitest";
import { insertNodule } from "../../../src/core/simulated/insert.ts";
import { type Body, type NoduleRecipe, PATCH, shapeNodule } from "../../../src/core/simulated/nodule.ts";
import { edgeSigma, measureScanner } from "../../../src/core/simulated/scanner.ts";
import type { Slice } from "../../../src/core/values/slice.ts";
import { LUNG_SLICE, lungSlice } from "../../support/lung-slice.ts";

const slice = lungSlice();
const scanner = measureScanner(slice);
const body: Body = { offset: [0, 0], radius: 9, elongation: 1, angle: 0, waviness: 0.05, edge: 0.9, peak: 1 };

function recipe(change: Partial<NoduleRecipe>): NoduleRecipe {
  return { seed: 7, centre: [150, 120], solid: null, glass: null, spicules: null, ...change };
}

function inserted(change: Partial<NoduleRecipe>, into: Slice = slice): Slice {
  return insertNodule(into, shapeNodule(into, recipe(change)), scanner);
}

function at(picture: Slice, x: number, y: number): number {
  return picture.values[y * picture.width + x] as number;
}

/** Mean and standard deviation of the square of side 2r + 1 around (x, y). */
function square(picture: Slice, x: number, y: number, r: number): { mean: number; deviation: number } {
  const values: number[] = [];
  for (let dy = -r; dy <= r; dy++) for (let dx = -r; dx <= r; dx++) values.push(at(picture, x + dx, y + dy));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
}

describe("an inserted nodule", () => {
  it("is the same from the same seed, and another from another", () => {
    const solid = { ...body, hu: 35 };
    expect(inserted({ solid }).values).toEqual(inserted({ solid }).values);
    expect(inserted({ solid }).values).not.toEqual(inserted({ solid, seed: 8 }).values);
  });

  it("of ground glass leaves a tenth of the air at least, however dense it is asked for", () => {
    // in −800 HU: −800 + 0.9 · (40 + 800) = −44
    const air: Slice = { ...slice, values: new Float32Array(slice.values.length).fill(-800) };
    const dense = shapeNodule(air, recipe({ glass: { ...body, fill: 5 } }));
    const { values } = insertNodule(air, dense, { ...scanner, noiseHu: 0 });
    expect(values.reduce((a, b) => Math.max(a, b))).toBe(-44);
  });

  it("has soft tissue's density and the slice's own noise", () => {
    const { mean, deviation } = square(inserted({ solid: { ...body, hu: 35 } }), 150, 120, 4);
    expect(Math.abs(mean - 35)).toBeLessThan(12);
    // the scanner's 14 HU and 10 HU of texture: √(14² + 10²) = 17
    expect(deviation).toBeGreaterThan(10);
    expect(deviation).toBeLessThan(26);
  });

  it("has an edge as soft as the slice's own borders", () => {
    const picture = inserted({ solid: { ...body, waviness: 0, hu: 35 } });
    const sigmas: number[] = [];
    for (let y = 117; y <= 123; y++) {
      for (let x = 135; x <= 165; x++) {
        const sigma = edgeSigma(Array.from({ length: 13 }, (_, k) => at(picture, x + k - 6, y)));
        if (sigma !== null) sigmas.push(sigma);
      }
    }
    expect(sigmas.length).toBeGreaterThan(8);
    const median = sigmas.sort((a, b) => a - b)[sigmas.length >> 1] as number;
    // a logistic of scale .9 is as steep as a Gaussian of σ = .9 · 4 / √2π = 1.44
    expect(median).toBeGreaterThan(0.8 * LUNG_SLICE.edgeBlurPx);
    expect(median).toBeLessThan(1.6 * LUNG_SLICE.edgeBlurPx);
  });

  it("lets the lung show through ground glass, at a density between", () => {
    const glass = { ...body, fill: 0.34 };
    const { mean } = square(inserted({ glass }), 150, 120, 4);
    expect(mean).toBeGreaterThan(-650); // −830 + .34 · 870 = −534
    expect(mean).toBeLessThan(-430);
    const before = square(slice, 150, 120, 4).deviation;
    expect(square(inserted({ glass }), 150, 120, 4).deviation).toBeGreaterThan(0.8 * before);
  });

  it("never darkens: a vessel under it stays", () => {
    const vessel = { ...slice, values: Float32Array.from(slice.values) };
    for (let x = 130; x < 170; x++) vessel.values[120 * vessel.width + x] = 160;
    const picture = inserted({ solid: { ...body, hu: 35 }, glass: { ...body, fill: 0.3 } }, vessel);
    for (let x = 140; x < 160; x++) expect(at(picture, x, 120)).toBe(160);
  });

  it("changes nothing outside its patch", () => {
    const picture = inserted({ solid: { ...body, hu: 35 } });
    for (let i = 0; i < picture.values.length; i++) {
      const x = i % picture.width;
      const y = Math.floor(i / picture.width);
      if (Math.abs(x - 150) > PATCH / 2 || Math.abs(y - 120) > PATCH / 2) {
        if (picture.values[i] !== slice.values[i]) throw new Error(`${x}, ${y} changed`);
      }
    }
  });

  it("is thinner and fainter towards the tips of its spicules", () => {
    const solid = { ...body, radius: 6, waviness: 0, hu: 35 };
    const bald = shapeNodule(slice, recipe({ solid }));
    const spiky = shapeNodule(slice, recipe({ solid, spicules: { count: 9, length: 10 } }));
    const added = (from: number, to: number) => {
      let sum = 0;
      for (let y = 0; y < PATCH; y++) {
        for (let x = 0; x < PATCH; x++) {
          const far = Math.hypot(x - PATCH / 2, y - PATCH / 2);
          const k = y * PATCH + x;
          if (far >= from && far < to) sum += (spiky.solid.values[k] as number) - (bald.solid.values[k] as number);
        }
      }
      return sum;
    };
    expect(added(8, 11)).toBeGreaterThan(added(11, 14));
    expect(added(11, 14)).toBeGreaterThan(added(14, 17));
    expect(added(17, 30)).toBeLessThan(1);
  });

  it("fills the corners between itself and the chest wall, and only there", () => {
    const solid = { ...body, hu: 35, radius: 7, waviness: 0 };
    const near = shapeNodule(slice, recipe({ centre: [LUNG_SLICE.wall + 4, 120], solid }));
    const far = shapeNodule(slice, recipe({ centre: [LUNG_SLICE.wall + 60, 120], solid }));
    let corners = 0;
    for (let y = 0; y < PATCH; y++) {
      for (let x = 0; x < PATCH; x++) {
        const k = y * PATCH + x;
        const added = (near.solid.values[k] as number) - (far.solid.values[k] as number);
        const column = x - PATCH / 2 + 4; // from the wall's border on
        if (column < 0) continue;
        corners += added;
        if (column > 6) expect(added).toBeLessThan(0.05);
      }
    }
    expect(corners).toBeGreaterThan(2);
    expect(corners).toBeLessThan(20);
  });
});
