import { afterEach, beforeEach, expect, it } from "vitest";
import { openZip } from "../../../src/io/bytes/zip.ts";
import { readSession } from "../../../src/io/session/session.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { lesionOnScreen } from "../../../src/state/lesion/keys.ts";
import { ballSeries } from "../../support/ball-series.ts";
import { english } from "../../support/english.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();

beforeEach(async () => {
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  await explorer.actions.openFiles([ballSeries()]);
  explorer.actions.setRegion(70, 60);
  explorer.actions.setCount(3);
  explorer.actions.moveTo([], null); // z by hand is of the slice's own samples: no lesion's session has it
  await until(() => !isBusy(state()));
  explorer.actions.show("lesion");
  await until(() => lesionOnScreen(state())?.found != null);
});
afterEach(() => explorer.dispose());

it("a lesion leaves as the command line's files: sizes as on the screen, and a session that makes it again", async () => {
  explorer.actions.setThresholds([{ name: "7mm", measure: "meanDiameterMm", value: 7 }]);
  const { name, bytes, notes } = await explorer.actions.exportLesion(
    { "cuts.png": Uint8Array.of(1) },
    "2026-01-02T03:04:05Z",
  );
  expect(name).toBe("lesion.zip");
  const zip = openZip(bytes, name);
  const read = async (file: string) => (await zip.find((entry) => entry.name === file)?.read()) ?? new Uint8Array();
  expect(zip.map((entry) => entry.name).sort()).toEqual([
    "cuts.png",
    "lesion.csv",
    "lesion.seg.nrrd",
    "samples.nii.gz",
    "session.json",
  ]);
  expect(english(notes).join(" ")).toContain("There is no DICOM segmentation");
  const text = new TextDecoder().decode(await read("lesion.csv"));
  const volumes = text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((row) => Number(row.split(",")[1]));
  const shown = lesionOnScreen(state())?.found?.measured.samples.map(({ volumeMm3 }) => volumeMm3) ?? [];
  expect(volumes).toHaveLength(3);
  volumes.forEach((volume, n) => {
    // lesion.csv has two decimals
    expect(Math.abs(volume - (shown[n] ?? Number.NaN))).toBeLessThanOrEqual(0.005001);
  });
  const session = readSession(await read("session.json"), "session.json");
  expect(session.lesion).toMatchObject({
    start: 4,
    at: [70, 60],
    coupling: "presence-0.9-least-0.4",
    thresholds: "7mm",
  });
  expect(session.choice).toMatchObject({ seed: 0, count: 3 });
  expect(session.choice.z).toBeUndefined();
});
