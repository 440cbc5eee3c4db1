import { describe, expect, it } from "vitest";
import { chooseSamples, type Drawable } from "../../../src/core/random/choices.ts";
import { uniforms } from "../../../src/core/random/random.ts";

const size = { width: 8, height: 8 };
const z: Drawable = { choice: "z", members: null, head: { latent: 2, fieldSpacings: [4] } };
const prior = { mean: new Float32Array([10, -10]), logSigma: new Float32Array([0, 0]) };
const drawsOf = (order: Parameters<typeof chooseSamples>[3]) => {
  const choices = chooseSamples(z, prior, size, order);
  return choices.kind === "z" ? choices.draws : [];
};

describe("chooseSamples", () => {
  it("gives sample n the same z whether 2 or 5 are drawn", () => {
    expect(drawsOf({ seed: 1, count: 5 }).slice(0, 2)).toEqual(drawsOf({ seed: 1, count: 2 }));
  });

  it("keeps z and changes the fields with a field seed", () => {
    const [own] = drawsOf({ seed: 1, count: 1 });
    const [other] = drawsOf({ seed: 1, count: 1, fieldSeed: 2 });
    expect(other?.z).toEqual(own?.z);
    expect(other?.fields).not.toEqual(own?.fields);
  });

  it("turns the fields off at strength 0", () => {
    const [draw] = drawsOf({ seed: 1, count: 1, fieldStrength: 0 });
    expect(draw?.fields?.[0]?.every((value) => value === 0)).toBe(true);
  });

  it("gives each pass of a dropout network a seed of its own", () => {
    const choices = chooseSamples({ choice: "seed", members: null, head: null }, null, size, { seed: 1, count: 20 });
    expect(new Set(choices.kind === "seed" ? choices.seeds : []).size).toBe(20);
  });

  it("seeds pass n of row r by (r, n), in this order: n of row r is not r of row n", () => {
    const dropout: Drawable = { choice: "seed", members: null, head: null };
    const seedsOf = (row: number) => {
      const choices = chooseSamples(dropout, null, size, { seed: 1, count: 4, row });
      return choices.kind === "seed" ? choices.seeds : [];
    };
    const wanted = (row: number, n: number) => Math.floor((uniforms(1, [row, n], 1)[0] as number) * 2 ** 32);
    expect([seedsOf(2)[3], seedsOf(3)[2]]).toEqual([wanted(2, 3), wanted(3, 2)]);
    expect(seedsOf(2)[3]).not.toBe(seedsOf(3)[2]);
  });

  it("takes the first members of an ensemble", () => {
    const ensemble: Drawable = { choice: "member", members: 16, head: null };
    expect(chooseSamples(ensemble, null, size, { seed: 9, count: 4 })).toEqual({
      kind: "member",
      indices: [0, 1, 2, 3],
    });
  });

  it("draws heads without replacement, and fewer heads are the first of more", () => {
    const heads: Drawable = { choice: "head", members: 4, head: null };
    const indices = (count: number) => {
      const choices = chooseSamples(heads, null, size, { seed: 5, count });
      return choices.kind === "head" ? [...choices.indices] : [];
    };
    expect(indices(4).sort()).toEqual([0, 1, 2, 3]);
    expect(indices(2)).toEqual(
      chooseSamples(heads, null, size, { seed: 5, count: 4 }).kind === "head" ? indices(4).slice(0, 2) : [],
    );
  });

  it("refuses more samples than there are members", () => {
    const ensemble: Drawable = { choice: "member", members: 16, head: null };
    expect(() => chooseSamples(ensemble, null, size, { seed: 0, count: 17 })).toThrow("16 members");
  });
});
