import { expect, test } from "vitest";
import { concat } from "../../../src/io/bytes/concat.ts";

test("parts follow one another, empty ones too, in an array of their kind", () => {
  expect(concat(Uint8Array, [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)])).toEqual(
    Uint8Array.of(1, 2, 3),
  );
  expect(concat(Float32Array, [Float32Array.of(0.5), Float32Array.of(-1)])).toEqual(Float32Array.of(0.5, -1));
  expect(concat(Uint8Array, [])).toHaveLength(0);
});
