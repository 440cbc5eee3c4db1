import { expect, it } from "vitest";
import type { Task } from "../../../src/core/network/encoding.ts";
import { createLibrary } from "../../../src/state/cases/library.ts";
import { fakeConfig } from "../../support/fake-sampler.ts";

it("asks for all files of a model at once, and says the bytes of all that have come", async () => {
  const [first] = fakeConfig("unet-ensemble").weights;
  if (!first) throw new Error("no file");
  const config = {
    ...fakeConfig("unet-ensemble"),
    weights: [
      { ...first, file: "a", bytes: 30 },
      { ...first, file: "b", bytes: 10 },
    ],
  };
  const asked: { file: string; task: Task; end: (bytes: Uint8Array) => void }[] = [];
  const library = createLibrary({
    readExample: async () => new Uint8Array(),
    readGolden: async () => null,
    readModel: (_model, file, task) =>
      new Promise((end) => {
        asked.push({ file, task: task as Task, end });
      }),
  });
  const said: number[] = [];
  const coming = library.weights(
    { name: "fake", config, bundled: true },
    { onProgress: (share) => void said.push(share) },
  );
  await new Promise((next) => setTimeout(next));
  expect(asked.map(({ file }) => file)).toEqual(["a", "b"]);
  asked[1]?.task.onProgress?.(1); // 10 of 40 bytes
  asked[0]?.task.onProgress?.(0.5); // and 15 more
  asked[1]?.end(Uint8Array.of(2));
  asked[0]?.end(Uint8Array.of(1));
  expect(await coming).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
  expect(said.slice(0, 2)).toEqual([0.25, 0.625]);
});
