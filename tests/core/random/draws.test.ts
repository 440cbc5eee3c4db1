import { describe, expect, it } from "vitest";
import { drawFrom, drawMany, type Epsilon, epsilonFor, latticeSizes } from "../../../src/core/random/draws.ts";
import { standardGaussian } from "../../../src/core/random/gaussian.ts";

const chance = { latent: 3, fieldSpacings: [8, 4] };
const prior = { mean: Float32Array.of(1, 0, -1), logSigma: Float32Array.of(0, 0, 0) };

describe("what is drawn for a sample", () => {
  it("a field has one node per spacing, at least one", () => {
    expect(latticeSizes(128, 64, [8, 4])).toEqual([
      { width: 16, height: 8 },
      { width: 32, height: 16 },
    ]);
    expect(latticeSizes(5, 20, [8])).toEqual([{ width: 1, height: 2 }]);
  });

  it("depends on seed, row and sample number alone, not on how many are drawn", () => {
    const sixteen = drawMany(prior, chance, { width: 32, height: 16 }, { seed: 4, row: 9, count: 16 });
    expect(sixteen[7]).toEqual(drawFrom(prior, epsilonFor(4, 9, 7, chance, 32, 16)));
    expect(sixteen.slice(0, 4)).toEqual(
      drawMany(prior, chance, { width: 32, height: 16 }, { seed: 4, row: 9, count: 4 }),
    );
  });

  it("z is the same at every picture size: only the fields grow", () => {
    const small = epsilonFor(1, 0, 0, chance, 32, 32);
    const large = epsilonFor(1, 0, 0, chance, 64, 32);
    expect(large.z).toEqual(small.z);
    expect(small.fields.map((field) => field.length)).toEqual([16, 64]);
    expect(large.fields.map((field) => field.length)).toEqual([32, 128]);
  });

  it("rows, samples, z and fields share no numbers", () => {
    const starts = [epsilonFor(0, 0, 0, chance, 64, 64), epsilonFor(0, 1, 0, chance, 64, 64)];
    starts.push(epsilonFor(0, 0, 1, chance, 64, 64), epsilonFor(1, 0, 0, chance, 64, 64));
    const first = starts.flatMap(({ z, fields }) => [z, ...fields].map((numbers) => numbers[0]));
    expect(new Set(first).size).toBe(12);
  });

  it("z = mean + σ·ε, and strength scales the fields, not z", () => {
    const epsilon = epsilonFor(2, 0, 0, chance, 16, 16);
    const half = drawFrom(prior, epsilon, 0.5);
    expect(half.z[0]).toBeCloseTo(1 + (epsilon.z[0] as number), 6);
    expect(half.fields?.[1]?.[3]).toBeCloseTo(0.5 * (epsilon.fields[1]?.[3] as number), 7);
    expect(drawFrom(prior, epsilon, 0).fields?.[0]?.every((value) => value === 0)).toBe(true);
  });

  it("antithetic draws have z, fields, shift and u of the opposite sign", () => {
    const placed = { ...chance, shift: 0.6, gate: true };
    const [one, other] = [2, 3].map((n) => epsilonFor(2, 5, n, placed, 16, 16, "antithetic")) as [Epsilon, Epsilon];
    expect(one).toEqual(epsilonFor(2, 5, 2, placed, 16, 16));
    const negated = (values: Float32Array) => values.map((value) => -value);
    expect(other.z).toEqual(negated(one.z));
    expect(other.fields).toEqual(one.fields.map(negated));
    expect(other.shift).toEqual(one.shift?.map((value) => -value));
    expect(other.u).toBe(-(one.u ?? Number.NaN));
  });

  it("a Sobol order covers z, u and the shift together, and leaves the fields as they are drawn", () => {
    const placed = { ...chance, shift: 0.6, gate: true };
    const four = [0, 1, 2, 3].map((n) => epsilonFor(2, 5, n, placed, 16, 16, "sobol"));
    const ofEach = [...four.keys()].map((n) => epsilonFor(2, 5, n, placed, 16, 16));
    expect(four.map(({ fields }) => fields)).toEqual(ofEach.map(({ fields }) => fields));
    const axes = four.map(({ z, u, shift }) => [...z, u as number, ...(shift ?? [])]);
    for (let axis = 0; axis < 6; axis++) {
      // one of four in each quarter of N(0, 1)
      const quarters = axes.map(
        (values) => [-0.67449, 0, 0.67449].filter((end) => (values[axis] as number) > end).length,
      );
      expect(quarters.sort()).toEqual([0, 1, 2, 3]);
    }
    expect(new Set(axes.flat()).size).toBe(24);
    const { u: _u, shift: _shift, ...rest } = four[1] as Epsilon;
    expect(rest).toEqual(epsilonFor(2, 5, 1, chance, 16, 16, "sobol")); // neither moves z to other coordinates
  });

  it("a shift and a gate have chance of their own, and leave that of z and the fields as it was", () => {
    const placed = { ...chance, shift: 0.6, gate: true };
    const { shift, u, ...rest } = epsilonFor(2, 5, 1, placed, 16, 16);
    expect(rest).toEqual(epsilonFor(2, 5, 1, chance, 16, 16));
    expect(new Set([...shift!, u, rest.z[0], rest.fields[0]![0]]).size).toBe(5);
    expect(drawFrom(prior, epsilonFor(2, 5, 1, placed, 16, 16), 0)).toMatchObject({ shift, u });
    const many = Array.from({ length: 2000 }, (_, n) => epsilonFor(0, 0, n, placed, 8, 8));
    for (const of of [(e: Epsilon) => e.u!, (e: Epsilon) => e.shift![0], (e: Epsilon) => e.shift![1]]) {
      const values = many.map(of);
      expect(values.reduce((sum, value) => sum + value, 0) / 2000).toBeCloseTo(0, 1);
      expect(values.reduce((sum, value) => sum + value * value, 0) / 2000).toBeCloseTo(1, 0);
    }
  });

  it("a model without fields gets none", () => {
    const [draw] = drawMany(
      standardGaussian(2),
      { latent: 2, fieldSpacings: [] },
      { width: 8, height: 8 },
      { seed: 0, count: 1 },
    );
    expect(draw?.fields).toBeUndefined();
  });
});
