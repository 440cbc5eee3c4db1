import { expect, it } from "vitest";
import { wasmThreads } from "../../../src/engine/backends/wasm-threads.ts";

it("is half of the cores from five threads on, and one thread below", () => {
  expect([1, 2, 4, 8, 9, 10, 12, 32].map((cores) => wasmThreads(cores))).toEqual([1, 1, 1, 1, 1, 5, 6, 16]);
});

it("is no more than may be", () => {
  expect(wasmThreads(32, 1)).toBe(1);
  expect(wasmThreads(32, 4)).toBe(1);
  expect(wasmThreads(32, 8)).toBe(8);
});
