import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodules } from "../../../src/cli/lesion/nodules.ts";
import { readCsv } from "../../../src/cli/lesion/read-csv.ts";
import { writeNpz } from "../../../src/io/numpy/npz-write.ts";
import { temporaryFolder } from "../../support/cases.ts";
import { missing, sharedFile } from "../../support/shared.ts";

const MODEL = "tests/golden/tiny-general";
const folder = temporaryFolder();
const file = join(folder.path, "cases.npz");
const table = join(folder.path, "cases.csv");

/** Squares of 10 to 16 pixels by two readers: nodule 0 on three places (one twice), 1 on one place, 2 without spacing, 3 by one reader. */
const ROWS = ["val,p,s,0,0,0.5", "val,p,s,0,2,0.5", "val,p,s,0,2,0.5", "val,p,s,0,8,0.5", "val,p,s,1,0,0.5"];
ROWS.push("val,q,t,2,0,", "val,q,t,2,1,", "val,r,u,3,0,1", "val,r,u,3,1,1", "train,v,w,0,0,1", "train,v,w,0,1,1");

beforeAll(() => {
  const size = 64;
  const images = Uint8Array.from({ length: ROWS.length * size * size }, (_, i) => (i * 7) % 251);
  const masks = new Uint8Array(ROWS.length * 2 * size * size);
  ROWS.forEach((line, row) => {
    for (const reader of [0, 1]) {
      if (line.startsWith("val,r") && reader === 1) continue;
      const side = 10 + 2 * reader + row;
      for (let y = 0; y < side; y++)
        masks.fill(1, ((row * 2 + reader) * size + y) * size, ((row * 2 + reader) * size + y) * size + side);
    }
  });
  const shape = [ROWS.length, size, size];
  writeFileSync(
    file,
    writeNpz({ images: { values: images, shape }, masks: { values: masks, shape: [ROWS.length, 2, size, size] } }),
  );
  writeFileSync(table, `split,patient,series_uid,nodule,z,pixel_spacing_mm\n${ROWS.join("\n")}\n`);
});
afterAll(() => folder.end());

interface Printed {
  seconds: number;
  four_readers: number;
  left_out: object;
  crps_log_volume?: number;
  coverage90?: number;
  icc_volume: { graders: number };
  icc_log_volume: { graders: number };
  volume_ratio: { graders_median: number };
  flips: Record<string, { graders: number; graders_any: number }>;
  flips_long_axis: Record<string, { graders: number; graders_any: number }>;
}
const run = async (...words: string[]) => (await nodules([file, "--table", table, ...words])) as Printed;

describe("nodules", () => {
  it("needs no network for the graders' half, counts rows at one place once and says what is left out", async () => {
    const out = join(folder.path, "lesions.csv");
    const printed = await run("--split", "val", "--count", "0", "--out", out);
    expect(printed).toMatchObject({ lesions: 2, four_readers: 1, left_out: { one_slice: 1, no_spacing: 1 } });
    expect(printed).not.toHaveProperty("crps_log_volume");
    // places 0, 2, 8: median distance 4; sides 10, 11, 13 and 12, 13, 15 of .5 mm: (100 + 121 + 169)·.25·4
    const rows = readCsv(readFileSync(out, "utf8"));
    expect(rows.map(({ reader, volume_mm3 }) => [reader, volume_mm3])).toEqual([
      ["grader-1", "390"],
      ["grader-2", "538"],
    ]);
    expect(printed.flips).toMatchObject({ "6mm": { graders: 0 }, "250mm3": { graders: 0, graders_any: 0 } });
    expect(Object.keys(printed.flips_long_axis)).toEqual(["6mm", "8mm"]);
  });

  it("prints the figures of the contract, the same on every run, with the lognormal baseline fitted on train", async () => {
    const words = ["--split", "val", "--count", "6", "--model", MODEL, "--coupling", "same-z"];
    const { seconds, ...printed } = await run(...words);
    expect(printed).toMatchObject({ count: 6, coupling: "same-z", four_readers: 1 });
    expect(Object.keys(printed.icc_log_volume)).toEqual(["graders", "model"]);
    const { seconds: others, ...again } = await run(...words);
    expect(again).toEqual(printed);
    expect(seconds + others).toBeGreaterThan(0);
  });

  it.each([
    [["--coupling", "none"], 'There is no coupling "none"'],
    [["--split", "test"], 'The table has no split "test"; give one of val, train.'],
    [
      ["--thresholds", "mine"],
      'There are no thresholds "mine"; give one of fleischner-2017, lung-rads-2022, or a list like 6mm,10mm,500mm3.',
    ],
  ])("refuses %s with one sentence", async (words, sentence) => {
    await expect(run("--count", "0", ...words)).rejects.toThrow(sentence);
  });

  it("refuses a table that belongs to other cases, or lacks a column", async () => {
    const other = join(folder.path, "other.csv");
    writeFileSync(other, "patient,series_uid,nodule,z,pixel_spacing_mm\np,s,0,0,1\n");
    await expect(nodules([file, "--table", other])).rejects.toThrow("other.csv: it has 1 rows for 11 cases");
    writeFileSync(other, "patient,nodule\np,0\n");
    await expect(nodules([file, "--table", other])).rejects.toThrow("other.csv: it has no column series_uid");
    await expect(nodules([file])).rejects.toThrow("--table is missing");
  });
});

const skip = missing("lidc/crops.npz", "the readers of LIDC-IDRI are not measured");

describe.skipIf(skip)("the readers of LIDC-IDRI", { tags: ["ci"] }, () => {
  it("on all 699 lesions with four of them differ as was measured before", async () => {
    const [crops, cases] = ["lidc/crops.npz", "lidc/cases.csv"].map((name) => sharedFile(name) as string);
    const found = (await nodules([crops as string, "--table", cases as string, "--count", "0"])) as Printed;
    expect(found.four_readers).toBe(699);
    expect(found.left_out).toEqual({ one_slice: 50, no_spacing: 15 });
    expect(found.volume_ratio.graders_median).toBeCloseTo(1.61, 2);
    expect(found.icc_volume.graders).toBeCloseTo(0.89, 2);
    expect(found.icc_log_volume.graders).toBeCloseTo(0.95, 2);
    const near = (flips: Printed["flips"][string] | undefined, any: number, pairs: number) => {
      expect(Math.abs((flips?.graders_any ?? 0) - any)).toBeLessThan(0.02);
      expect(Math.abs((flips?.graders ?? 0) - pairs)).toBeLessThan(0.005);
    };
    near(found.flips["100mm3"], 0.18, 0.1);
    near(found.flips["250mm3"], 0.14, 0.076);
    // Of the long axis alone; by the mean of both axes, which decides, they are .205 and .114, .200 and .107.
    near(found.flips_long_axis["6mm"], 0.16, 0.083);
    near(found.flips_long_axis["8mm"], 0.21, 0.115);
    near(found.flips["6mm"], 0.205, 0.114);
    near(found.flips["8mm"], 0.2, 0.107);
  });
});
