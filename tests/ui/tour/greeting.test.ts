import { expect, it } from "vitest";
import type { Mask } from "../../../src/core/values/slice.ts";
import { drawnSentence } from "../../../src/ui/tour/greeting.tsx";

/** A grader by what was drawn, pixel by pixel. */
const drew = (...bits: number[]) => ({
  areaPx: bits.reduce((sum, bit) => sum + bit, 0),
  mask: { width: bits.length, height: 1, bits: Uint8Array.from(bits) } satisfies Mask,
});
const [one, wide, other, nothing] = [drew(1, 0, 0), drew(1, 1, 0), drew(0, 0, 1), drew(0, 0, 0)];

it.each([
  [[one, wide, other, drew(1, 1, 1)], "Four readers drew this nodule four ways."],
  [[one, one, other, wide], "Four readers drew this nodule three ways."],
  [[one, one], "Two readers drew this nodule one way."],
  [[one, wide, other, nothing], "Three of four readers drew this nodule three ways; the others drew nothing."],
  [[one, nothing, nothing], "One of three readers drew this nodule; the others drew nothing."],
  [[nothing, nothing], "Two readers drew nothing here."],
  [[nothing], "One reader drew nothing here."],
  [[one], "One reader drew this nodule."],
  [[], "Nobody has marked this slice."],
])("says who drew, and how many ways: %#", (graders, sentence) => {
  expect(drawnSentence(graders, { one: "reader", many: "readers" }, "nodule")).toBe(sentence);
});
