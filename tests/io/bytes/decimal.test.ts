import { expect, it } from "vitest";
import { decimalOf } from "../../../src/io/bytes/decimal.ts";

it("a number is digits, with a sign, a point and an exponent at most", () => {
  expect(["7", "-0.5", "+.25", "3.", "1e3", "2.5E-1"].map(decimalOf)).toEqual([7, -0.5, 0.25, 3, 1000, 0.25]);
});

it("nothing else that a language takes for one is", () => {
  for (const word of ["", " 7", "0x10", "0b11", "1_0", "Infinity", "NaN", "12mm", "1,5", "1e", "--3", "."])
    expect(decimalOf(word), word).toBeNaN();
});
