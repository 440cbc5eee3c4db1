import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import type { Golden, ModelFiles } from "../../../src/core/network/model.ts";
import { goldenProblem, wholeNetwork } from "../../../src/engine/backends/golden.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { loadModel } from "../../../src/model/load-model.ts";
import { testedFiles } from "../../support/golden.ts";

beforeAll(async () => {
  await tfjsBackends({ forced: "wasm" })[0]?.start();
});
afterEach(() => expect(tf.memory().numTensors).toBe(0));

async function problemOf(files: ModelFiles, golden: Golden): Promise<string | null> {
  const model = await loadModel(wholeNetwork(files) ?? files);
  try {
    const problem = await goldenProblem(golden, model);
    return problem && inEnglish(problem);
  } finally {
    model.dispose();
  }
}

/** The golden values with those of one tensor moved far away. */
function spoilt({ tensors, values }: Golden, name: string): Golden {
  const { offset, shape } = tensors[name] as Golden["tensors"][string];
  const copy = values.slice();
  new Float32Array(
    copy.buffer,
    offset,
    shape.reduce((product, side) => product * side, 1),
  ).fill(50);
  return { tensors, values: copy };
}

describe.each([
  ["prob-unet", "base", "base"],
  ["general", "top", "top"],
  ["dropout-unet", "logits", "samples"],
  ["unet-ensemble", "logits", "samples"],
  ["m-heads", "logits", "samples"],
  ["image2image-vae", "logits", "samples"],
])("the golden values of the %s", (family, tensor, part) => {
  const files = testedFiles(`tests/golden/tiny-${family}`);
  const golden = files.golden as Golden;

  test("are reproduced", async () => {
    expect(await problemOf(files, golden)).toBeNull();
  });

  test(`tell by its ${part} that a backend computes wrongly`, async () => {
    expect(await problemOf(files, spoilt(golden, tensor))).toMatch(
      new RegExp(`^its ${part} of the golden input is off`),
    );
  });
});

test("that end early are the file's fault, not the backend's", async () => {
  const files = testedFiles("tests/golden/tiny-m-heads");
  const { tensors, values } = files.golden as Golden;
  const short = problemOf(files, { tensors, values: values.subarray(0, 20_000) });
  await expect(short).rejects.toMatchObject({ tag: "ModelTruncated" });
});
