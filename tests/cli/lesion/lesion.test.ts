import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lesion } from "../../../src/cli/lesion/lesion.ts";
import { readCsv } from "../../../src/cli/lesion/read-csv.ts";
import { temporaryFolder } from "../../support/cases.ts";

const folder = temporaryFolder();
const [placed, loose] = [join(folder.path, "ball.nrrd"), join(folder.path, "loose.nrrd")];
const SIDE = 96;

beforeAll(() => {
  // a ball of 7 mm around (48, 48) of slice 4: pixels of .7 mm, slices every 2.5 mm
  const bytes = Uint8Array.from({ length: 9 * SIDE * SIDE }, (_, i) => {
    const [x, y, z] = [i % SIDE, Math.floor(i / SIDE) % SIDE, Math.floor(i / (SIDE * SIDE))];
    const distance = Math.hypot((x - 48) * 0.7, (y - 48) * 0.7, (z - 4) * 2.5);
    return 40 + 10 * Math.sin(x / 3) + 190 / (1 + Math.exp(distance - 7));
  });
  const head = `NRRD0004\ntype: uint8\ndimension: 3\nsizes: ${SIDE} ${SIDE} 9\nencoding: raw\n`;
  const space =
    "space: left-posterior-superior\nspace directions: (0.7,0,0) (0,0.7,0) (0,0,-2.5)\nspace origin: (0,0,0)\n";
  writeFileSync(placed, Buffer.concat([Buffer.from(`${head}${space}\n`), bytes]));
  writeFileSync(loose, Buffer.concat([Buffer.from(`${head}\n`), bytes]));
});
afterAll(() => folder.end());

interface Printed {
  slices: [number, number];
  spacingMm: [number, number] | null;
  samples: { volumeMm3: number; longMm: number; slices: number }[];
  decisions: { threshold: number; unit: string; below: number; graders: string; flip: number }[];
  notes: string[];
  files: string[];
  consensus: { samples_majority: { volumeMm3: number } | null };
}
const run = async (file: string, ...words: string[]) =>
  (await lesion([file, "--at", "48,48", "--slice", "4", "--model", "tests/golden/tiny-general", ...words])) as Printed;

describe("lesion", () => {
  it("prints each sample's size, the decisions, and the same on every run", async () => {
    const out = join(folder.path, "out");
    const printed = await run(placed, "--count", "5", "--out", out);
    expect(printed.spacingMm?.map((mm) => mm.toFixed(3))).toEqual(["0.700", "0.700"]);
    expect(printed.samples).toHaveLength(5);
    expect(printed.slices[0]).toBeLessThanOrEqual(4);
    expect(printed.slices[1]).toBeGreaterThanOrEqual(4);
    expect(printed.decisions.map(({ threshold, unit }) => `${threshold} ${unit}`)).toEqual([
      "6 mm",
      "8 mm",
      "100 mm3",
      "250 mm3",
    ]);
    expect(printed.decisions[0]?.graders).toBe("0 of 0");
    expect(printed.consensus).toMatchObject({ graders_majority: null, graders_staple: null });
    expect(printed.consensus.samples_majority?.volumeMm3).toBeGreaterThanOrEqual(0);
    expect(printed.files).toEqual(["lesion.csv", "samples.nii.gz", "lesion.seg.nrrd", "session.json"]);
    const rows = readCsv(readFileSync(join(out, "lesion.csv"), "utf8"));
    expect(rows.map(({ volume_mm3 }) => Number(volume_mm3))).toEqual(printed.samples.map(({ volumeMm3 }) => volumeMm3));
    expect(await run(placed, "--count", "5", "--out", out)).toEqual(printed);
  });

  it("measures in voxels where slices have no place, without decisions, and says so", async () => {
    const printed = await run(loose, "--count", "3", "--out", join(folder.path, "loose"));
    expect(printed).toMatchObject({ spacingMm: null, unit: "voxel", decisions: [] });
    expect(printed.notes.join("; ")).toContain("sizes are in voxels, and there are no decisions");
  });

  it("refuses a point outside the slice, a slice that is not there, and words that are missing", async () => {
    const out = ["--out", join(folder.path, "none")];
    await expect(lesion([placed, "--at", "200,3", "--slice", "4", ...out])).rejects.toThrow(
      "lies outside its 96×96 pixels",
    );
    await expect(lesion([placed, "--at", "3,3", "--slice", "9", ...out])).rejects.toThrow("give a number from 0 to 8");
    await expect(lesion([placed, "--at", "3,3", ...out])).rejects.toThrow("--slice is missing");
  });
});
