import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { convolved, convolvedOnto, furthestShare } from "../../support/convolved.ts";
import type { ConvCase } from "../../support/plain-conv.ts";

const cases: [string, ConvCase][] = [
  [
    "16 outputs with bias and ReLU",
    { batch: 1, height: 6, width: 8, inputs: 5, outputs: 16, bias: true, activation: "relu" },
  ],
  ["one input channel", { batch: 1, height: 4, width: 4, inputs: 1, outputs: 32, bias: true, activation: "relu" }],
  ["no bias and no ReLU", { batch: 1, height: 3, width: 2, inputs: 4, outputs: 48, bias: false, activation: "linear" }],
  ["two pictures at once", { batch: 2, height: 5, width: 6, inputs: 3, outputs: 16, bias: true, activation: "linear" }],
  ["one row", { batch: 1, height: 1, width: 2, inputs: 2, outputs: 16, bias: true, activation: "relu" }],
  // of large pictures, by winograd.wat: 16 tiles of 4×4, and more than one block of them
  [
    "a picture of 16 tiles",
    { batch: 1, height: 16, width: 16, inputs: 8, outputs: 16, bias: true, activation: "relu" },
  ],
  [
    "48 tiles, two pictures, two groups of outputs",
    { batch: 2, height: 32, width: 24, inputs: 4, outputs: 32, bias: true, activation: "linear" },
  ],
  [
    "64 channels without bias",
    { batch: 1, height: 16, width: 32, inputs: 64, outputs: 16, bias: false, activation: "linear" },
  ],
  // what does not fit goes to tfjs, with the same result
  ["an odd width", { batch: 1, height: 4, width: 5, inputs: 3, outputs: 16, bias: true, activation: "relu" }],
  ["8 outputs", { batch: 1, height: 4, width: 4, inputs: 3, outputs: 8, bias: true, activation: "relu" }],
  ["a 1×1 filter", { batch: 1, height: 4, width: 4, inputs: 3, outputs: 16, side: 1, bias: true, activation: "relu" }],
];

describe("3×3 convolutions on tfjs's wasm backend", () => {
  beforeAll(async () => {
    await tfjsBackends({ forced: "wasm" })[0]?.start();
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test.each(cases)("are what the loops say: %s", async (_, c) => {
    const { result, want } = await convolved(c);
    expect(furthestShare(result, want)).toBeLessThan(1e-5);
  });

  test.each(cases.filter(([, { side = 3 }]) => side === 3))(
    "onto a sum, with a ReLU behind, give the same bytes in one go as in three: %s",
    async (_, c) => {
      const { inOne, inThree } = await convolvedOnto(c);
      expect(inOne).toEqual(inThree);
      expect(inThree.includes(0) && inThree.some((value) => value > 0)).toBe(true); // the ReLU has work
    },
  );

  test("leave a stride of 2 to tfjs", async () => {
    const c: ConvCase = { batch: 1, height: 4, width: 4, inputs: 2, outputs: 16, bias: true, activation: "relu" };
    expect((await convolved(c, 2)).result.length).toBe(2 * 2 * 16);
  });

  test("go on after the backend is started again, in its new memory", async () => {
    await tfjsBackends({ forced: "wasm" })[0]?.start();
    const { result, want } = await convolved(cases[0]?.[1] as ConvCase);
    expect(furthestShare(result, want)).toBeLessThan(1e-5);
  });

  test("use their scratch memory again: the heap settles", async () => {
    const c: ConvCase = { batch: 1, height: 32, width: 32, inputs: 16, outputs: 16, bias: true, activation: "relu" };
    const bytes = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
    await convolved(c);
    const settled = bytes();
    for (let k = 0; k < 300; k++) await convolved({ ...c, height: 8 });
    expect(bytes()).toBe(settled);
  });
});
