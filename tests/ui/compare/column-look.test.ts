import { expect, it } from "vitest";
import { columnLook } from "../../../src/ui/compare/column-look.ts";

it("eight columns differ in colour, in dash and in shape", () => {
  const looks = Array.from({ length: 8 }, (_, index) => columnLook(index));
  for (const of of ["colour", "dash", "shape"] as const) expect(new Set(looks.map((look) => look[of])).size).toBe(8);
  expect(columnLook(8)).toEqual(looks[0]);
});
