import { afterEach, beforeEach, expect, it } from "vitest";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { figures, graderFigures, surprises } from "../../../src/state/explore/figures.ts";
import { planeMarks } from "../../../src/state/explore/latent/plane-marks.ts";
import { regionGraders } from "../../../src/state/explore/masks.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { runsOf } from "../../support/runs-of.ts";
import { tinyCases } from "../../support/tiny-pack.ts";
import { until } from "../../support/until.ts";

let page: Explorer;
const state = () => page.store.getState();

/** The first tiny case, read by three: one drew it, one set a point on it, one drew nothing. */
function threeReaders(): File {
  const [one] = tinyCases();
  const outline = one?.graders.find(({ mask }) => mask !== null);
  const [x, y] = one?.region ?? [0, 0];
  const graders = [
    { name: "outline", mask: outline?.mask ?? null },
    { name: "point", mask: null, points: [[x, y]] as const },
    { name: "nothing", mask: null },
  ];
  const files = writePack("Three readers", "", [{ ...one!, graders }]);
  return new File([writeZip(files) as Uint8Array<ArrayBuffer>], "three.zip");
}

beforeEach(async () => {
  page = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  await page.runs.fetch();
  await until(() => !isBusy(state()));
  await page.actions.openFiles([threeReaders()]);
  await until(() => !isBusy(state()) && surprises(state()).filter(Boolean).length === 2);
});
afterEach(() => page.dispose());

it("a nodule under 3 mm is a point of its grader, not an outline and not nothing", () => {
  const marked = regionGraders(state()).map(({ points, small, areaPx }) => [points, small, areaPx > 0]);
  expect(marked).toEqual([
    [[], false, true],
    [[[64, 64]], true, false], // the region lies about it
    [[], false, false],
  ]);
});

it("its grader is in no figure of outlines, and has no place in the latent plane", () => {
  expect(figures(state())).toMatchObject({ graders: 2, drew: 1 });
  const rows = graderFigures(state()).map(({ nearestIou, meanIou }) => [nearestIou !== null, meanIou !== null]);
  expect(rows).toEqual([
    [true, true],
    [false, false],
    [true, true],
  ]);
  expect(surprises(state()).map((one) => one !== null)).toEqual([true, false, true]);
  expect(planeMarks(state()).graders.map(({ text }) => text)).toEqual(["1", "3"]);
});

it("Evaluate holds samples against the others alone", async () => {
  const evaluated = () => runsOf(page).evaluation.store.getState();
  page.actions.show("evaluate");
  await until(() => evaluated().pack?.title === "Three readers");
  runsOf(page).evaluation.change({ systems: ["fake-unet-ensemble"], count: 3 });
  runsOf(page).evaluation.start();
  await until(() => evaluated().status === "idle" && evaluated().systems.length === 1);
  expect(evaluated().systems[0]?.rows.map(({ graders }) => graders)).toEqual([2]);
});
