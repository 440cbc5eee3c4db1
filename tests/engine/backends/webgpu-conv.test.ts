import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { convolved, convolvedOnto, furthestShare } from "../../support/convolved.ts";
import { dawn } from "../../support/dawn.ts";
import type { ConvCase } from "../../support/plain-conv.ts";

const gpu = await dawn();

const cases: [string, ConvCase][] = [
  [
    "eight outputs a thread, bias and ReLU",
    { batch: 1, height: 6, width: 8, inputs: 4, outputs: 16, bias: true, activation: "relu" },
  ],
  ["four outputs", { batch: 1, height: 3, width: 4, inputs: 8, outputs: 12, bias: true, activation: "relu" }],
  [
    "inputs one by one, a width that is no multiple of four",
    { batch: 1, height: 4, width: 5, inputs: 3, outputs: 8, bias: true, activation: "linear" },
  ],
  ["one column", { batch: 1, height: 5, width: 1, inputs: 4, outputs: 8, bias: false, activation: "linear" }],
  [
    "pictures that know nothing of each other",
    { batch: 3, height: 2, width: 6, inputs: 1, outputs: 4, bias: false, activation: "relu" },
  ],
  ["a 1×1 filter", { batch: 2, height: 4, width: 7, inputs: 4, outputs: 8, side: 1, bias: true, activation: "linear" }],
  // what does not fit goes to tfjs, with the same result
  ["one output", { batch: 1, height: 4, width: 4, inputs: 4, outputs: 1, side: 1, bias: true, activation: "linear" }],
  ["a 5×5 filter", { batch: 1, height: 5, width: 5, inputs: 1, outputs: 4, side: 5, bias: true, activation: "relu" }],
];

describe.skipIf(gpu === null)("convolutions on tfjs's webgpu backend", () => {
  beforeAll(async () => {
    await tfjsBackends({ forced: "webgpu" })[0]?.start();
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test.each(cases)("are what the loops say: %s", async (_, c) => {
    const { result, want } = await convolved(c);
    expect(furthestShare(result, want)).toBeLessThan(1e-5);
  });

  test.each(cases.filter(([, { side = 3 }]) => side !== 5))(
    "onto a sum, with a ReLU behind, are in one go what they are in three: %s",
    async (_, c) => {
      const { inOne, inThree } = await convolvedOnto(c);
      expect(furthestShare(inOne, inThree)).toBeLessThan(1e-6);
      expect(inThree.includes(0) && inThree.some((value) => value > 0)).toBe(true); // the ReLU has work
    },
  );

  test("leave a stride of 2 to tfjs", async () => {
    const c: ConvCase = { batch: 1, height: 4, width: 4, inputs: 4, outputs: 8, bias: true, activation: "relu" };
    expect((await convolved(c, 2)).result.length).toBe(2 * 2 * 8);
  });
});
