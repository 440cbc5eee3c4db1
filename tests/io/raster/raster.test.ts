import { expect, test } from "vitest";
import { drawnIn, maskPicture, pictureStack, type Raster, rasterSlice } from "../../../src/io/raster/raster.ts";
import { english } from "../../support/english.ts";

const raster = (channels: number, samples: number[], indices: number[] | null = null): Raster => ({
  width: samples.length / channels,
  height: 1,
  channels,
  depth: 8,
  samples: Uint8Array.from(samples),
  indices: indices && Uint8Array.from(indices),
});
const named = (name: string, of: Raster) => ({ name, format: "png", raster: of });

test("equal colours are grey, others are refused", () => {
  expect([...rasterSlice(raster(3, [5, 5, 5, 9, 9, 9]), "a").values]).toEqual([5, 9]);
  expect([...rasterSlice(raster(2, [5, 0, 9, 255]), "a").values]).toEqual([5, 9]);
  expect(() => rasterSlice(raster(4, [5, 5, 6, 255]), "a").values).toThrow("it is a colour picture");
});

test("drawn is any colour but black, unless it is fully transparent; of a palette any index but 0", () => {
  expect([...drawnIn(raster(4, [0, 0, 7, 255, 7, 7, 7, 0, 0, 0, 0, 255])).bits]).toEqual([1, 0, 0]);
  expect([...drawnIn(raster(3, [9, 9, 9, 0, 0, 0], [0, 2])).bits]).toEqual([0, 1]);
});

test("a mask has 0 and one value more at the most", () => {
  expect(
    [
      [0, 0],
      [0, 7],
      [0, 7, 8],
      [7, 7],
    ].map((samples) => maskPicture(named("m", raster(1, samples))) !== null),
  ).toEqual([true, true, false, false]);
});

test("one picture is a stack with its notes, refused at once where it is in colour", async () => {
  const one = pictureStack([{ ...named("a/b.jpg", raster(1, [1, 2])), format: "jpeg", notes: ["lossy"] }], "a/b.jpg");
  expect(one).toMatchObject({ name: "a/b.jpg", format: "jpeg", frames: 1, notes: ["lossy"] });
  expect([one.label(0), [...(await one.slice(0)).values]]).toEqual(["b.jpg", [1, 2]]);
  expect(() => pictureStack([named("c", raster(3, [1, 2, 3]))], "c")).toThrow("colour");
});

test("several are a stack in their order, which is said, and have no frame more than there are", async () => {
  const two = pictureStack([named("a", raster(1, [1])), named("b", raster(1, [2]))], "folder");
  expect(english([two.name, two.frames, two.notes])).toEqual([
    "folder",
    2,
    ["folder: 2 pictures, in the order of their names"],
  ]);
  expect([...(await two.slice(1)).values]).toEqual([2]);
  await expect(two.slice(2)).rejects.toMatchObject({ tag: "NoSuchFrame" });
});

test("a mask saved as JPEG is blurred about its two values: what is over the half is drawn", () => {
  const jpeg = (samples: number[]) =>
    maskPicture({ ...named("m", raster(1, samples)), format: "jpeg" })?.raster.samples;
  expect([...(jpeg([0, 3, 0, 20, 250, 255]) ?? [])]).toEqual([0, 0, 0, 0, 255, 255]);
  expect(jpeg([0, 3, 90, 140, 250, 255])).toBeUndefined(); // a picture: two of six lie between
});
