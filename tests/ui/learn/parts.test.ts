import { describe, expect, it } from "vitest";
import type { NetworkShape } from "../../../src/state/learn/network-shape.ts";
import { equationsOf, lights, type PartName, partsOf, type Target } from "../../../src/ui/learn/parts.ts";
import { PAPERS_SHAPE as PAPER } from "../../support/papers-shape.ts";

const LINEAR: NetworkShape = { ...PAPER, combLayers: 0, factor: true, envelope: true, priorNet: false };

const part = (name: PartName): Target => ({ kind: "part", name });
const equation = (name: "draw" | "mask" | "kl" | "elbo"): Target => ({ kind: "equation", name });

describe("the parts of the drawing", () => {
  it("of the paper's network: what runs for a sample, then what training adds", () => {
    const [sample, training] = [
      ["picture", "unet", "prior", "z", "comb", "mask"],
      ["grader", "posterior", "kl", "elbo"],
    ];
    expect(partsOf(PAPER)).toEqual([...sample, ...training]);
  });

  it("of a sum of maps: those in the place of f_comb, and what is not in the paper at the end", () => {
    expect(partsOf(LINEAR).slice(4, 7)).toEqual(["maps", "sum", "mask"]);
    expect(partsOf(LINEAR).at(-1)).toBe("beyond");
    expect(partsOf({ ...PAPER, gate: true }).at(-1)).toBe("beyond");
  });

  it("of f_comb with fields: both ways to the logits", () => {
    expect(partsOf({ ...PAPER, fields: [8] }).slice(4, 8)).toEqual(["comb", "maps", "sum", "mask"]);
  });

  it("are all named in some equation, but what is no mathematics", () => {
    for (const shape of [PAPER, LINEAR]) {
      const named = equationsOf(shape).flatMap(([, parts]) => parts);
      expect(partsOf(shape).filter((name) => !named.includes(name))).toEqual(shape === LINEAR ? ["beyond"] : []);
      expect(named.filter((name) => !partsOf(shape).includes(name))).toEqual([]);
    }
  });
});

describe("what lights up", () => {
  const equations = equationsOf(PAPER);
  const lit = (target: Target | null) => partsOf(PAPER).filter((name) => lights(target, equations, part(name)));

  it("is nothing while nothing is pointed at", () => {
    expect(lit(null)).toEqual([]);
    expect(lights(null, equations, equation("kl"))).toBe(false);
  });

  it("are an equation's parts with it, and no other equation", () => {
    expect(lit(equation("kl"))).toEqual(["prior", "posterior", "kl"]);
    expect(lights(equation("kl"), equations, equation("kl"))).toBe(true);
    expect(lights(equation("kl"), equations, equation("elbo"))).toBe(false);
  });

  it("are the equations about a part with it, and no other part", () => {
    expect(lit(part("z"))).toEqual(["z"]);
    const found = equations.filter(([name]) => lights(part("z"), equations, { kind: "equation", name }));
    expect(found.map(([name]) => name)).toEqual(["draw", "mask"]);
  });
});
