import { decode } from "fast-png";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { exportFiles } from "../../../src/io/export/export.ts";
import type { SampleExport } from "../../../src/io/export/input.ts";
import { readSession } from "../../../src/io/session/session.ts";
import { bitsAt, smallExport } from "../../support/export-case.ts";

const exportSamples = (input: SampleExport) => exportFiles(input, ["png"]);

const text = (bytes: Uint8Array | undefined) => new TextDecoder("latin1").decode(bytes);
const at = (bits: Uint8Array) => [...bits.entries()].flatMap(([i, bit]) => (bit ? [[i % 7, Math.floor(i / 7)]] : []));

describe("the files of one export", () => {
  test("are those of the contract", () => {
    expect(Object.keys(exportSamples(smallExport()))).toEqual([
      "sample-001.png",
      "sample-002.png",
      "maps.npz",
      "samples.csv",
      "figures.csv",
      "figures.json",
      "figures.md",
      "session.json",
    ]);
  });

  test("a mask is 0 and 255 in the source's size, the region in its place, lesion from the threshold on", () => {
    const png = decode(exportSamples(smallExport())["sample-001.png"] as Uint8Array);
    expect([png.width, png.height, png.depth, png.channels]).toEqual([7, 5, 8, 1]);
    // 0.9 at region (0,0) → slice (2,1); 0.5 ≥ 0.5 at (1,0) → (3,1); 0.25 is below.
    expect(at(png.data as Uint8Array)).toEqual([
      [2, 1],
      [3, 1],
    ]);
    expect(Math.max(...png.data)).toBe(255);
  });

  test("the prior mean and the z set by hand have masks of their own where they are given", () => {
    const map = Float32Array.from({ length: 12 }, (_, i) => (i === 11 ? 1 : 0));
    const files = exportSamples(smallExport({ priorMean: map, byHand: map }));
    expect(at(decode(files["mean.png"] as Uint8Array).data as Uint8Array)).toEqual([[5, 3]]);
    expect(files["by-hand.png"]).toEqual(files["mean.png"]);
  });

  test("a row of the CSV holds z, area in pixels and mm², and Dice and IoU with each grader in the region", () => {
    // Sample 1 marks 2 px of 0.35 mm²; grader 1 has 1 of them (and one outside the region, not counted):
    // Dice 2·1/(2+1) = 2/3, IoU 1/2. Grader 2 drew nothing: 0. Sample 2 is empty: with grader 2 it agrees, 1.
    expect(text(exportSamples(smallExport())["samples.csv"])).toBe(
      "sample,seed,z1,z2,area_px,area_mm2,empty,dice_1,dice_2,iou_1,iou_2\n" +
        "1,42,0.1,-2,2,0.7,0,0.666667,0,0.5,0\n" +
        "2,42,1,0.25,0,0,1,0,1,0,1\n",
    );
  });

  test("without spacing the area in mm² is left empty, without graders their columns are missing", () => {
    const input = smallExport({ graders: [] });
    const files = exportSamples({ ...input, slice: { ...input.slice, spacingMm: null } });
    expect(text(files["samples.csv"]).split("\n").slice(0, 2)).toEqual([
      "sample,seed,z1,z2,area_px,area_mm2,empty",
      "1,42,0.1,-2,2,,0",
    ]);
  });

  test("maps.npz holds every array of the contract, fields and graders where there are any", () => {
    const field = new Float32Array(4).fill(0.5);
    const input = smallExport({
      draws: smallExport().draws.map((draw) => ({ ...draw, fields: [field.slice(0, 2)] })),
      fieldSpacings: [2],
    });
    const arrays = unzipSync(exportSamples(input)["maps.npz"] as Uint8Array);
    const shape = (name: string) => /'shape': (\(.*?\))/.exec(text(arrays[`${name}.npy`]))?.[1];
    expect(Object.fromEntries(Object.keys(arrays).map((name) => [name, shape(name.replace(".npy", ""))]))).toEqual({
      "mean.npy": "(3, 4)",
      "variance.npy": "(3, 4)",
      "entropy.npy": "(3, 4)",
      "mutual_information.npy": "(3, 4)",
      "probabilities.npy": "(2, 3, 4)",
      "z.npy": "(2, 2)",
      "prior_mean.npy": "(2,)",
      "prior_sigma.npy": "(2,)",
      "origin.npy": "(2,)",
      "field_2.npy": "(2, 1, 2)",
      "graders.npy": "(2, 3, 4)",
    });
  });

  test("only the chosen samples leave, under the numbers they have on the screen", () => {
    const files = exportSamples(smallExport({ numbers: [3, 14] }));
    expect(Object.keys(files).slice(0, 2)).toEqual(["sample-003.png", "sample-014.png"]);
    expect(text(files["samples.csv"])).toContain("\n14,42,1,");
  });

  test("the same input gives the same bytes", () => {
    expect(writeZip(exportSamples(smallExport()))).toEqual(writeZip(exportSamples(smallExport())));
  });

  test("the session reads back, and nothing names the slice's file", () => {
    const files = exportSamples(smallExport());
    expect(readSession(files["session.json"] as Uint8Array, "session.json")).toEqual(smallExport().session);
    for (const bytes of Object.values(files)) expect(text(bytes)).not.toMatch(/doe/i);
    for (const bytes of Object.values(unzipSync(files["maps.npz"] as Uint8Array)))
      expect(text(bytes)).not.toMatch(/doe/i);
  });

  test("a slice smaller than the region keeps its size", () => {
    const input = smallExport({ origin: [0, 0] });
    const slice = { ...input.slice, width: 3, height: 2, values: new Float32Array(6) };
    const png = decode(exportSamples({ ...input, slice, graders: [] })["sample-001.png"] as Uint8Array);
    expect([...png.data]).toEqual([255, 255, 0, 0, 0, 0]);
    expect(bitsAt(3, 2, [[0, 0]])[0]).toBe(1);
  });
});
