import { encode } from "fast-png";
import { afterEach, beforeEach, expect, it } from "vitest";
import { areaPx } from "../../../../src/core/values/slice.ts";
import { openZip } from "../../../../src/io/bytes/zip.ts";
import { pngOfMask } from "../../../../src/io/raster/png-write.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { caseOnScreen, frameOnScreen } from "../../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { sampleAreas } from "../../../../src/state/explore/masks.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { disc } from "../../../support/tiny-pack.ts";
import { until } from "../../../support/until.ts";

const SIDE = 160;
let page: Explorer;
const state = () => page.store.getState();
const file = (bytes: Uint8Array, name: string) => new File([bytes as Uint8Array<ArrayBuffer>], name);
const mask = (r: number) => pngOfMask(disc(SIDE, 80, 80, r));
const scan = () =>
  file(
    encode({ width: SIDE, height: SIDE, data: new Uint8Array(SIDE * SIDE).fill(9).fill(40, 9000), channels: 1 }),
    "doe.png",
  );

beforeEach(async () => {
  page = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  await until(() => !isBusy(state()));
});
afterEach(() => page.dispose());

it("the open slices leave as a pack, and open again with marks, box and samples", async () => {
  await page.actions.openFiles([scan(), file(mask(6), "grader-a.png"), file(mask(8), "grader-b.png")]);
  await page.actions.openFiles([file(mask(5), "samples_flow-1.png"), file(mask(7), "samples_flow-2.png")]);
  await until(() => !isBusy(state()));
  page.actions.setRegion(75, 84);
  await until(() => !isBusy(state()));
  const values = frameOnScreen(state())?.slice.values;
  const { bytes, name } = await page.actions.saveAsPack();
  expect(name).toBe("pack.zip");
  const [index] = openZip(bytes, name);
  expect(new TextDecoder().decode(await index?.read())).not.toMatch(/doe|grader-a/); // names of files may be of persons

  await page.actions.openFiles([file(bytes, name)]);
  await until(() => !isBusy(state()));
  expect(caseOnScreen(state())).toMatchObject({ title: "Slice 1", region: [75, 84], frames: 1 });
  expect(frameOnScreen(state())?.slice.values).toEqual(values);
  expect(frameOnScreen(state())?.graders.map((grader) => grader.mask && areaPx(grader.mask))).toEqual(
    [6, 8].map((r) => areaPx(disc(SIDE, 80, 80, r))),
  );
  const added = state().models.at(-1)?.name ?? "";
  expect(added).toBe("flow (2)"); // the first one is still open
  page.actions.setModel(added);
  await until(() => !isBusy(state()));
  expect(sampleAreas(state())).toEqual([5, 7].map((r) => areaPx(disc(SIDE, 80, 80, r))));
});

it("without a slice of the person's own there is nothing to save, and that is said", async () => {
  await expect(page.actions.saveAsPack()).rejects.toThrow("There is no slice of your own to put into a pack");
});
