import * as fc from "fast-check";
import { expect, test } from "vitest";
import { float32Text, writeCsv } from "../../../src/io/bytes/csv.ts";

test("null is an empty cell, and what holds a comma or a quote is quoted", () => {
  expect(
    writeCsv(
      ["a", "b"],
      [
        [1.5, null],
        ["x,y", 'say "z"'],
      ],
    ),
  ).toBe('a,b\n1.5,\n"x,y","say ""z"""\n');
});

test("text that a spreadsheet would run as a formula does not begin with its sign; a negative number does", () => {
  expect(writeCsv(["a"], [["=1+1"], ["@x"], [-2]])).toBe("a\n'=1+1\n'@x\n-2\n");
});

test("a float32 is written as the shortest decimal", () => {
  expect(float32Text(Math.fround(0.1))).toBe("0.1");
  expect(float32Text(Math.fround(-1.2345678))).toBe("-1.2345678");
});

test("every float32 reads back as itself", () => {
  void fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Math.fround(Number(float32Text(value))) === value).toBe(true);
    }),
  );
});

test("with semicolons numbers have a decimal comma, text keeps its own, and what holds a semicolon is quoted", () => {
  expect(
    writeCsv(
      ["a", "b"],
      [
        [-1.5, "x;y"],
        [1e-7, "v1.2, b"],
      ],
      "semicolon",
    ),
  ).toBe('a;b\n-1,5;"x;y"\n1e-7;v1.2, b\n');
});
