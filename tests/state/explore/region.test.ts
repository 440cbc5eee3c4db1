import { afterEach, beforeEach, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { regionOrigin } from "../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { drawnOnScreen, regionGraders } from "../../../src/state/explore/masks.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let page: Explorer;
const state = () => page.store.getState();

beforeEach(async () => {
  page = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  await until(() => !isBusy(state()));
});
afterEach(() => page.dispose());

/** Of the slice of 200 × 180: 72 columns and 52 rows are left beside a region. */
it.each([
  ["left upper", [-1e6, -1e6], [0, 0]],
  ["right upper", [1e6, -1e6], [72, 0]],
  ["left lower", [-1e6, 1e6], [0, 52]],
  ["right lower", [1e6, 1e6], [72, 52]],
] as const)("the region in the %s corner is inside the slice, and is sampled there", async (_, [x, y], origin) => {
  page.actions.setRegion(x, y);
  await until(() => !isBusy(state()));
  expect(regionOrigin(state())).toEqual(origin);
  expect(state().encoded?.value.crop.origin).toEqual(origin);
  expect(drawnOnScreen(state())?.samples.count).toBe(16);
  // the disc at (100, 90) lies in each of the four
  expect(regionGraders(state()).some(({ areaPx }) => areaPx > 0)).toBe(true);
  page.actions.nudgeRegion(Math.sign(x), Math.sign(y)); // there is no way further
  expect(regionOrigin(state())).toEqual(origin);
});
