import { expect, test } from "vitest";
import { volumeStack } from "../../../src/io/stack/volume-stack.ts";

const volume = volumeStack({
  name: "a",
  format: "nrrd",
  width: 2,
  height: 1,
  frames: 2,
  type: "i4",
  spacingMm: [0.7, 0.6],
  geometry: (frame) => ({
    position: [0, 0, frame],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    thicknessMm: 1,
  }),
  values: (frame) => Float32Array.of(frame, frame === 1 ? 2 ** 25 : 0),
});

test("each picture of a volume has its numbers, spacing and place, and tells where digits are lost", async () => {
  const second = await volume.slice(1);
  expect(second).toMatchObject({ width: 2, height: 1, spacingMm: [0.7, 0.6], unit: "stored", name: "a" });
  expect([...second.values]).toEqual([1, 2 ** 25]);
  expect(second.geometry?.position).toEqual([0, 0, 1]);
  await volume.slice(0);
  expect([volume.notesOf?.(0), volume.notesOf?.(1)?.length]).toEqual([[], 1]);
});

test("a frame that is not there is never asked of the format", async () => {
  await expect(volume.slice(2)).rejects.toMatchObject({ tag: "NoSuchFrame" });
});
