import { expect, it } from "vitest";
import { NODE_TRANSPORT } from "../../../src/cli/archive/node-transport.ts";
import { Archive } from "../../../src/io/dicomweb/archive.ts";
import { loadNearestFirst } from "../../../src/io/dicomweb/nearest-first.ts";
import { marksOfSeries } from "../../../src/io/dicomweb/nodules/found-marks.ts";
import { nodulesOf } from "../../../src/io/dicomweb/nodules/nodules.ts";
import { openNodule } from "../../../src/io/dicomweb/nodules/open-nodule.ts";
import { openArchiveSeries } from "../../../src/io/dicomweb/series-stack.ts";
import { standIn } from "../../support/archive/stand-in.ts";
import { idcStudy, SERIES, STUDY } from "../../support/archive/study.ts";

it("one nodule with four readers of a 300-slice series moves at most 12 % of its bytes, its first slice under 10 %", async () => {
  const ct = { slices: 300, size: 256 };
  const files = idcStudy(ct);
  const seriesBytes = files.slice(0, ct.slices).reduce((sum, { length }) => sum + length, 0);
  const server = await standIn(files);
  const archive = new Archive({ base: server.base, host: "stand-in" }, NODE_TRANSPORT);
  const place = { study: STUDY, series: SERIES };
  await archive.studies({}, 0, 25);
  const all = await archive.series(STUDY);
  const series = await openArchiveSeries(archive, place);
  const [nodule] = nodulesOf(await marksOfSeries(archive, place, series.frameOfReference, all));
  if (!nodule) throw new Error("no nodule");
  await series.stack.slice(series.stack.start); // the preview
  const { stack, frames } = await openNodule(archive, series, nodule, null);
  await stack.slice(stack.start);
  const first = server.sent() / seriesBytes;
  await loadNearestFirst(archive, series, frames, { centre: () => stack.start });
  const whole = server.sent() / seriesBytes;
  await server.close();
  console.info(`${(100 * first).toFixed(1)} % at the first slice, ${(100 * whole).toFixed(1)} % in all`);
  expect(frames).toHaveLength(13); // 7 that reader 4 marked, 3 on either side
  expect(first).toBeLessThan(0.1);
  expect(whole).toBeLessThan(0.12);
  expect(whole).toBeGreaterThan(13 / 300);
});
