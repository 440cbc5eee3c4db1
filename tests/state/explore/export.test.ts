import { strFromU8, unzipSync } from "fflate";
import { afterEach, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { exportIsStale, FIRST_WISH } from "../../../src/state/explore/export.ts";
import { figures, graderFigures, surprises } from "../../../src/state/explore/figures.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();
const WISH = { ...FIRST_WISH, formats: [], maps: false, table: false, session: false, figure: false };

async function exported(): Promise<Record<string, string>> {
  const { bytes } = await explorer.actions.exportView(WISH, null, "2026-01-01T00:00:00.000Z");
  return Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, file]) => [name, strFromU8(file)]));
}

async function open(): Promise<void> {
  const ports = fakePorts(async () => new Uint8Array());
  explorer = createExplorer(ports, fakeLibrary());
  await until(() => !isBusy(state()) && !exportIsStale(state()) && surprises(state()).every((one) => one !== null));
}

afterEach(() => explorer.dispose());

it("exports the figures that stand on the screen, those of each grader too, and a legend", async () => {
  await open();
  const files = await exported();
  expect(Object.keys(files)).toEqual(["figures.csv", "figures.json", "figures.md"]);
  const { samples, graders } = JSON.parse(files["figures.json"] as string);
  const { agreement } = figures(state());
  expect(samples.samples).toBe(16);
  expect(samples.ged2).toBeCloseTo(agreement!.ged2, 5);
  expect(samples.hm_iou).toBeCloseTo(agreement!.hmIou, 5);
  expect(graders).toHaveLength(graderFigures(state()).length);
  for (const [index, found] of graderFigures(state()).entries()) {
    expect(graders[index].nearest_sample).toBe((found.nearest as number) + 1);
    expect(graders[index].mean_iou).toBeCloseTo(found.meanIou!, 5);
    expect(graders[index].kl_z / surprises(state())[index]!.total).toBeCloseTo(1, 4);
  }
});

it("writes tables with semicolons and decimal commas once somebody asks for them", async () => {
  await open();
  explorer.actions.chooseTables("semicolon");
  expect((await exported())["figures.csv"]).toMatch(/^of;model;seed;.*\nsamples;.*;0,5;/);
});
