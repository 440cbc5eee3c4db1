import { describe, expect, it } from "vitest";
import { labelMarks, looksLikeLabels, pictureMarks } from "../../../src/io/marks/label-marks.ts";
import { volumeStack } from "../../../src/io/stack/volume-stack.ts";

/** A volume of 2 × 1 pixels a picture. */
const volume = (...pictures: number[][]) =>
  volumeStack({
    name: "labels.nii",
    format: "nifti",
    width: 2,
    height: 1,
    frames: pictures.length,
    type: "f4",
    spacingMm: [1, 2],
    geometry: (k) => ({ position: [0, 0, k], rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], thicknessMm: 1 }),
    values: (k) => Float32Array.from(pictures[k] as number[]),
  });

describe("a volume of labels", () => {
  it("is a grader per label, in their order, each picture with its place", async () => {
    const marks = await labelMarks(volume([3, 0], [1, 3]));
    expect(marks).toMatchObject({ format: "nifti", file: "labels.nii", seriesInstanceUid: null });
    expect(marks.graders.map(({ name }) => name)).toEqual(["Grader 1", "Grader 3"]);
    const [first, third] = marks.graders.map(({ planes }) => planes.map(({ values }) => values && [...values]));
    expect(first).toEqual([null, [255, 0]]);
    expect(third).toEqual([
      [255, 0],
      [0, 255],
    ]);
    expect(marks.graders[0]?.planes[1]).toMatchObject({ spacingMm: [1, 2], geometry: { position: [0, 0, 1] } });
  });

  it("of zeros alone is one grader who drew nothing", async () => {
    const { graders } = await labelMarks(volume([0, 0]));
    expect(graders).toMatchObject([{ name: "Grader 1", planes: [{ values: null }] }]);
  });

  it.each([[[0.5, 0]], [[-1, 0]]])("with %j in it is refused, naming the value", async (values) => {
    await expect(labelMarks(volume(values))).rejects.toThrow(`labels of graders (${values[0]} is one of them)`);
  });

  it("has 64 labels at the most", async () => {
    const many = (count: number) => labelMarks(volume(...Array.from({ length: count }, (_, k) => [k + 1, 0])));
    expect((await many(64)).graders).toHaveLength(64);
    await expect(many(65)).rejects.toMatchObject({ tag: "UnsupportedPixels" });
  });

  it("is told from a scan by its few whole numbers from 0 on", async () => {
    expect(await looksLikeLabels(volume([0, 1], [2, 255]))).toBe(true);
    for (const scan of [
      [0, 256],
      [-1, 0],
      [0.5, 0],
    ])
      expect(await looksLikeLabels(volume(scan))).toBe(false);
    const seventeen = Array.from({ length: 9 }, (_, k) => [2 * k, 2 * k + 1]);
    expect(await looksLikeLabels(volume(...seventeen))).toBe(false);
  });
});

it("pictures are graders in the order given; one without a pixel drew nothing", () => {
  const raster = (...samples: number[]) =>
    ({ width: 2, height: 1, channels: 1, depth: 8, samples: Uint8Array.from(samples), indices: null }) as const;
  const marks = pictureMarks([
    { name: "b.png", format: "png", raster: raster(0, 7) },
    { name: "a.png", format: "png", raster: raster(0, 0) },
  ]);
  expect(marks.file).toBe("b.png, a.png");
  expect(marks.graders.map(({ planes }) => planes[0]?.values && [...planes[0].values])).toEqual([[0, 255], null]);
});
