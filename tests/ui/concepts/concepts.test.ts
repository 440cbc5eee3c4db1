import { expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import { CONCEPTS } from "../../../src/ui/concepts/concepts.ts";
import type { Definition } from "../../../src/ui/concepts/definition-names.ts";
import { DEFINITIONS } from "../../../src/ui/concepts/definitions.ts";

it("has the headings of a lecture, each once", () => {
  expect(CONCEPTS.map(({ id }) => id)).toEqual([
    "u-net",
    "z",
    "f-comb",
    "prior",
    "posterior",
    "reparameterisation",
    "kl",
    "elbo",
    "vae",
    "energy-distance",
    "ged2",
    "hm-iou",
    "diversity",
    "nestedness",
    "presence",
    "maps",
    "calibration",
  ]);
});

it("says of each concept in a sentence or two what it is and how to read it here, with formula and source", () => {
  for (const concept of CONCEPTS) {
    const { formula } = concept;
    const [name, what, here, source] = [concept.name, concept.what, concept.here, concept.source].map(inEnglish);
    for (const text of [what, here] as string[]) {
      expect(text, name).toMatch(/^[^!]+\.$/);
      expect(text.length, name).toBeLessThan(170);
    }
    expect(formula, name).not.toBe("");
    expect(source, name).toMatch(/\d{4}|^Ours/);
  }
});

it("names no number of an equation that nobody has checked", () => {
  for (const { name, source } of CONCEPTS)
    expect(inEnglish(source), inEnglish(name)).not.toMatch(/\beq\.|\bsection\b|\bfig\.|appendix/);
});

it("uses no word of P, Q and KL before it is told: the VAE comes after all three", () => {
  const at = (id: string) => CONCEPTS.findIndex((concept) => concept.id === id);
  for (const told of ["prior", "posterior", "kl", "elbo"]) expect(at(told), told).toBeLessThan(at("vae"));
});

it("says of each figure its formula, whether it is biased, its floor, and where it is computed", () => {
  const figures = ["ged2", "hm-iou", "diversity", "nestedness", "presence", "kl"] as const;
  for (const one of figures) {
    const { formula, biased, floor, where, concept }: Definition = DEFINITIONS[one];
    for (const part of [formula, biased, floor, where, concept]) expect(part, one).toBeDefined();
  }
});
