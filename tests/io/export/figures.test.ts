import { expect, test } from "vitest";
import { exportFiles } from "../../../src/io/export/export.ts";
import { FIGURE_COLUMNS } from "../../../src/io/export/figures-legend.ts";
import type { SampleExport } from "../../../src/io/export/input.ts";
import { bitsAt, smallExport } from "../../support/export-case.ts";

const text = (input: SampleExport, name: string) => new TextDecoder().decode(exportFiles(input, [])[name]);
const json = (input: SampleExport) => JSON.parse(text(input, "figures.json"));
const [one, two] = smallExport().graders;

// Sample 1 marks two pixels, sample 2 none; in the region grader 1 has one of the two, grader 2 none.
// IoU: (1, 1) ½, (1, 2) 0, (2, 1) 0, (2, 2) 1. E[d(S,Y)] = 1 − (½ + 0 + 0 + 1)/4 = .625; E[d(S,S′)] = 1 − (1 + 0 + 0 + 1)/4 = .5,
// E[d(Y,Y′)] = .5; GED² = 1.25 − 1 = .25. HM-IoU: (½ + 1)/2 = .75. No pair of non-empty samples: no nestedness.
test("the row of the samples holds them against the slice's graders in the region", () => {
  expect(json(smallExport()).samples).toEqual({
    ...{ of: "samples", model: "tiny", seed: 42, samples: 2, order: "iid", representative_of: null, threshold: 0.5 },
    ...{ graders: 2, drew: 1, ged2: 0.25, hm_iou: 0.75, diversity: 0.5, nestedness: null, presence: 0.5 },
    ...{ sample_grader: 0.625, grader_spread: 0.5, kl_z: null, kl_fields: null },
  });
});

// The mean is .45, .25, .125: nothing from .5 on, so IoU 0 with grader 1 and 1 with grader 2, who drew nothing.
test("a grader's row has the overlap with the mean and the nearest sample under its own number", () => {
  expect(json(smallExport({ numbers: [3, 14] })).graders).toEqual([
    {
      ...{ of: "grader 1", area_px: 1, mean_iou: 0, mean_dice: 0 },
      ...{ nearest_sample: 3, nearest_iou: 0.5, nearest_dice: 0.666667, kl_z: null, kl_fields: null },
    },
    {
      ...{ of: "grader 2", area_px: 0, mean_iou: 1, mean_dice: 1 },
      ...{ nearest_sample: 14, nearest_iou: 1, nearest_dice: 1, kl_z: null, kl_fields: null },
    },
  ]);
});

test("who drew in the page has a row and counts in no figure of the samples", () => {
  const bits = bitsAt(7, 5, [
    [2, 1],
    [3, 1],
  ]);
  const you = { name: "Jane Doe", mask: { width: 7, height: 5, bits }, colour: [1, 2, 3] as const };
  const input = smallExport({ graders: [...smallExport().graders, you] });
  expect(json(input).samples).toEqual(json(smallExport()).samples);
  expect(json(input).graders[2]).toMatchObject({ of: "reader 1", area_px: 2, nearest_sample: 1, nearest_iou: 1 });
  expect(text(input, "figures.csv")).not.toContain("Jane");
});

test("KL stands with each grader, and its mean over the graders with the samples where all have it", () => {
  const first = { ...one!, surprise: { z: 2, fields: 1 } };
  const both = json(smallExport({ graders: [first, { ...two!, surprise: { z: 5, fields: null } }] }));
  expect(both.samples).toMatchObject({ kl_z: 3.5, kl_fields: null });
  expect(both.graders).toMatchObject([
    { kl_z: 2, kl_fields: 1 },
    { kl_z: 5, kl_fields: null },
  ]);
  expect(json(smallExport({ graders: [first, two!] })).samples.kl_z).toBeNull();
});

test("without graders the samples' own figures are left, and no row of a grader", () => {
  const { samples, graders } = json(smallExport({ graders: [] }));
  expect(samples).toMatchObject({ graders: 0, ged2: null, hm_iou: null, diversity: 0.5, presence: 0.5 });
  expect(graders).toEqual([]);
});

test("the table says the same as the JSON, on request with semicolons and decimal commas, which the JSON never has", () => {
  const plain = text(smallExport(), "figures.csv").split("\n");
  expect(plain[0]).toBe(FIGURE_COLUMNS.map(({ name }) => name).join(","));
  expect(plain[1]).toBe("samples,tiny,42,2,iid,,0.5,2,1,0.25,0.75,0.5,,0.5,0.625,0.5,,,,,,,,");
  const asked = smallExport({ tables: "semicolon" });
  expect(text(asked, "figures.csv").split("\n")[1]).toBe(
    "samples;tiny;42;2;iid;;0,5;2;1;0,25;0,75;0,5;;0,5;0,625;0,5;;;;;;;;",
  );
  expect(text(asked, "samples.csv")).toContain("\n1;42;0,1;-2;2;0,7;0;0,666667;0;0,5;0\n");
  expect(text(asked, "figures.json")).toBe(text(smallExport(), "figures.json"));
});

test("the legend has a line for every column of both tables", () => {
  const legend = text(smallExport(), "figures.md");
  for (const { name } of FIGURE_COLUMNS) expect(legend).toContain(`| ${name} |`);
  for (const name of ["sample", "z1 …", "area_px, area_mm2", "empty", "dice_1 …, iou_1 …"])
    expect(legend).toContain(`| ${name} |`);
});
