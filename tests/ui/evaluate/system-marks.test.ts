import { expect, it } from "vitest";
import { systemMark } from "../../../src/ui/evaluate/system-marks.ts";

it("eight systems differ in shape and in dash, not in colour alone", () => {
  const marks = Array.from({ length: 8 }, (_, place) => systemMark(place));
  for (const of of ["shape", "dash", "colour"] as const) expect(new Set(marks.map((mark) => mark[of])).size).toBe(8);
});
