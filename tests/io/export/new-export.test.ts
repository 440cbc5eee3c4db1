import { expect, test } from "vitest";
import type { Prepared } from "../../../src/core/network/model.ts";
import { statisticsOf } from "../../../src/core/network/statistics.ts";
import { newExport } from "../../../src/io/export/new-export.ts";
import { smallExport } from "../../support/export-case.ts";

const { slice, graders, session, prior } = smallExport();
/** Three samples of one pixel. */
const samples = { count: 3, width: 1, height: 1, probabilities: Float32Array.of(0.25, 0.5, 0.75) };
const drawn = {
  samples,
  statistics: statisticsOf(samples),
  draws: [0.1, 0.2, 0.3].map((z) => ({ z: Float32Array.of(z) })),
};
const crop = { size: 1, values: Float32Array.of(0), origin: [2, 1], constant: false };
const parts = {
  ...{ slice, graders, session, simulated: false, drawn, chosen: null, priorMean: null, byHand: null, source: null },
  prepared: { crop, prior, encoding: null } as unknown as Prepared,
  head: { latent: 1, fieldSpacings: [8, 4] },
};

test("an export of all samples has them as they were drawn, at the crop's place, and no part that nobody asked for", () => {
  expect(newExport(parts)).toEqual({
    ...{ slice, graders, session, simulated: false, prior },
    ...drawn,
    origin: [2, 1],
    fieldSpacings: [8, 4],
  });
});

test("chosen samples keep their draws and their numbers, and the maps are those of all", () => {
  const { samples: left, draws, numbers, statistics } = newExport({ ...parts, chosen: [2, 0] });
  expect(left).toEqual({ count: 2, width: 1, height: 1, probabilities: Float32Array.of(0.75, 0.25) });
  expect(draws).toEqual([drawn.draws[2], drawn.draws[0]]);
  expect(numbers).toEqual([3, 1]);
  expect(statistics).toBe(drawn.statistics);
});

test("samples of a system without a z have no draws, chosen or not", () => {
  const without = { ...parts, head: null, drawn: { ...drawn, draws: [] } };
  expect(newExport({ ...without, chosen: [1] })).toMatchObject({ draws: [], numbers: [2], fieldSpacings: [] });
});

test("the prior mean, the outline by hand and the source's file come along where they are there", () => {
  const [priorMean, byHand, source] = [Float32Array.of(1), Float32Array.of(0), { format: "nifti" } as never];
  expect(newExport({ ...parts, priorMean, byHand, source })).toMatchObject({ priorMean, byHand, source });
});
