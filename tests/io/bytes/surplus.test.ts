import { expect, test } from "vitest";
import { surplusNotes } from "../../../src/io/bytes/surplus.ts";
import { english } from "../../support/english.ts";

test("two bytes more than declared are told of; one more, none and fewer are not", () => {
  expect(english(surplusNotes("a", 10, 12))).toEqual([
    "a: it holds 2 bytes more than the size it declares takes; its header may be wrong",
  ]);
  for (const there of [9, 10, 11]) expect(surplusNotes("a", 10, there)).toEqual([]);
});
