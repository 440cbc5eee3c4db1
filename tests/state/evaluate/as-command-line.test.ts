import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../src/cli/evaluate.ts";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { cropRegion } from "../../../src/core/values/region.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writeNpz } from "../../../src/io/numpy/npz-write.ts";
import type { OpenedCase } from "../../../src/io/pack/pack.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { createLibrary } from "../../../src/state/cases/library.ts";
import { overallCsv } from "../../../src/state/evaluate/csv.ts";
import { overallOf } from "../../../src/state/evaluate/figures.ts";
import { ballCases } from "../../support/ball-pack.ts";
import { temporaryFolder } from "../../support/cases.ts";
import { portsWithModel } from "../../support/ports-with-model.ts";
import { runsOf } from "../../support/runs-of.ts";
import { tinyCases } from "../../support/tiny-pack.ts";

const SIDE = 128;
const [COUNT, SEED] = [2, 5];
const folder = temporaryFolder();
const file = join(folder.path, "cases.npz");
let cases: OpenedCase[];

/** The same cases as a pack of slices and as a file of crops. */
beforeAll(() => {
  cases = ballCases(3, SIDE);
  const images = cases.flatMap(({ slice, region }) => [
    ...cropRegion(slice, ...region).values.map((value) => Math.round(255 * value)),
  ]);
  const masks = cases.flatMap(({ graders }) =>
    graders.flatMap(({ mask }) => [...(mask?.bits ?? new Uint8Array(SIDE * SIDE))]),
  );
  const npz = writeNpz({
    images: { values: Uint8Array.from(images), shape: [3, SIDE, SIDE] },
    masks: { values: Uint8Array.from(masks), shape: [3, 4, SIDE, SIDE] },
  });
  writeFileSync(file, npz);
});
afterAll(() => folder.end());

async function onThePage(folderOfModel: string, representativeOf: number | null = null): Promise<Explorer> {
  const examples = writePack("Examples", "", tinyCases());
  const { ports, files } = await portsWithModel(folderOfModel, async (path) => examples[path] as Uint8Array);
  // Nothing is decoded for the explorer: the tests are quicker.
  ports.fake.fail.encode = new GraderspaceError("DeviceLost", { problem: "the explorer rests" });
  const explorer = createExplorer(ports, createLibrary(ports));
  await explorer.runs.fetch();
  const pack = writeZip(writePack("Balls", "", cases)) as Uint8Array<ArrayBuffer>;
  await explorer.actions.openFiles([new File([pack], "balls.zip")]);
  explorer.actions.show("evaluate");
  const { store } = runsOf(explorer).evaluation;
  await expect.poll(() => store.getState().pack?.title).toBe("Balls");
  runsOf(explorer).evaluation.change({ systems: [files.config.name], count: COUNT, seed: SEED, representativeOf });
  runsOf(explorer).evaluation.start();
  await expect.poll(() => store.getState().status).toBe("idle");
  return explorer;
}

const six = (value: number | null | undefined) => Number((value ?? Number.NaN).toPrecision(6));

describe("the page's evaluation and the command line's", { tags: ["ci"] }, () => {
  it.each([
    "tiny-prob-unet",
    "tiny-general", // with local fields: they are drawn by seed and row too
    "tiny-dropout-unet",
    "tiny-unet-ensemble",
    "tiny-m-heads",
    "tiny-image2image-vae",
  ])("give %s the same figures", async (name) => {
    const model = `tests/golden/${name}`;
    const printed = (await evaluate([file, "--model", model, "--count", `${COUNT}`, "--seed", `${SEED}`])) as Record<
      string,
      unknown
    >;
    const explorer = await onThePage(model);
    const [system] = runsOf(explorer).evaluation.store.getState().systems;
    explorer.dispose();
    expect(system).toMatchObject({ status: "done", failed: [] });
    const overall = overallOf(system?.rows ?? []);
    const { figures, ged2ByGraders } = overall ?? {};
    expect({
      cases: overall?.cases,
      ged2: six(figures?.ged2),
      ged2_by_graders: Object.fromEntries(Object.entries(ged2ByGraders ?? {}).map(([k, value]) => [k, six(value)])),
      hm_iou: six(figures?.hmIou),
      diversity: six(figures?.diversity),
      nestedness: figures?.nestedness === null ? null : six(figures?.nestedness),
      dice: six(figures?.dice),
      ece: six(figures?.ece),
    }).toEqual({
      cases: printed["cases"],
      ged2: printed["ged2"],
      ged2_by_graders: printed["ged2_by_graders"],
      hm_iou: printed["hm_iou"],
      diversity: printed["diversity"],
      nestedness: printed["nestedness"],
      dice: printed["dice"],
      ece: printed["ece"],
    });
  });

  it.each(["tiny-general", "tiny-dropout-unet"])(
    "give %s's samples that stand for 64 the same figures",
    async (name) => {
      const model = `tests/golden/${name}`;
      const words = [file, "--model", model, "--count", `${COUNT}`, "--seed", `${SEED}`, "--representative", "64"];
      const printed = (await evaluate(words)) as { ged2: number; representative: { ged2: number; hm_iou: number } };
      const explorer = await onThePage(model, 64);
      const [system] = runsOf(explorer).evaluation.store.getState().systems;
      const csv = overallCsv(runsOf(explorer).evaluation.store.getState());
      explorer.dispose();
      const { figures } = overallOf(system?.rows ?? []) ?? {};
      expect(six(figures?.ged2)).toBe(printed.ged2);
      expect(six(figures?.representativeGed2)).toBe(printed.representative.ged2);
      expect(six(figures?.representativeHmIou)).toBe(printed.representative.hm_iou);
      const [header, line] = csv.split("\n").map((row) => row.split(","));
      expect(Number(line?.[header?.indexOf("representative_of") ?? -1])).toBe(64);
      expect(Number(line?.[header?.indexOf("representative_ged2") ?? -1])).toBe(printed.representative.ged2);
    },
  );

  it("give a system of few members no samples that stand for more than it has", async () => {
    const explorer = await onThePage("tests/golden/tiny-unet-ensemble", 64);
    const [system] = runsOf(explorer).evaluation.store.getState().systems;
    explorer.dispose();
    expect(system).toMatchObject({ status: "done", failed: [] });
    expect(overallOf(system?.rows ?? [])?.figures.representativeGed2).toBeNull();
  });
});
