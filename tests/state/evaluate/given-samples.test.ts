import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { evaluate } from "../../../src/cli/evaluate.ts";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { createExplorer } from "../../../src/state/app/create.ts";
import { createLibrary } from "../../../src/state/cases/library.ts";
import { overallOf } from "../../../src/state/evaluate/figures.ts";
import { ballCases } from "../../support/ball-pack.ts";
import { temporaryFolder } from "../../support/cases.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { runsOf } from "../../support/runs-of.ts";
import { tinyCases } from "../../support/tiny-pack.ts";
import { until } from "../../support/until.ts";

const SYSTEMS = ["tiny-general", "tiny-m-heads", "tiny-dropout-unet"];
const folder = temporaryFolder();
afterAll(() => folder.end());
const six = (value: number | null | undefined) => Number((value ?? Number.NaN).toPrecision(6));

it("dumps of three systems, dropped on their pack in the page, have the figures that the systems had", async () => {
  const pack = join(folder.path, "balls.zip");
  writeFileSync(pack, writeZip(writePack("Balls", "", ballCases(2))));
  const own: Record<string, Record<string, number | null>> = {};
  const examples = writePack("Examples", "", tinyCases());
  const ports = fakePorts(async (path) => examples[path] as Uint8Array);
  ports.fake.fail.encode = new GraderspaceError("DeviceLost", { problem: "the explorer rests" });
  const page = createExplorer(ports, createLibrary(ports));
  await page.runs.fetch();
  const fileOf = (path: string, name: string) => new File([readFileSync(path)], name);
  await page.actions.openFiles([fileOf(pack, "balls.zip")]);
  for (const name of SYSTEMS) {
    const dump = join(folder.path, `${name}.npz`);
    own[name] = (await evaluate([
      pack,
      "--model",
      `tests/golden/${name}`,
      "--count",
      "2",
      "--dump",
      dump,
    ])) as (typeof own)[string];
    await page.actions.openFiles([fileOf(dump, `${name}.npz`)]);
  }
  page.actions.show("evaluate");
  const { store } = runsOf(page).evaluation;
  await until(() => store.getState().pack?.title === "Balls");
  runsOf(page).evaluation.change({ systems: SYSTEMS, count: 2, seed: 3 });
  runsOf(page).evaluation.start();
  await until(() => store.getState().status === "idle");
  for (const name of SYSTEMS) {
    const rows = store.getState().systems.find((system) => system.name === name)?.rows ?? [];
    const overall = overallOf(rows);
    const figures = own[name] as (typeof own)[string];
    expect(overall?.cases, name).toBe(2);
    expect(six(overall?.figures.ged2), name).toBe(figures["ged2"]);
    expect(six(overall?.figures.hmIou), name).toBe(figures["hm_iou"]);
    expect(six(overall?.figures.diversity), name).toBe(figures["diversity"]);
    expect(overall?.figures.nestedness === null ? null : six(overall?.figures.nestedness), name).toBe(
      figures["nestedness"],
    );
    expect(six(overall?.figures.presence), name).toBe(figures["presence"]);
  }
  page.dispose();
}, 120_000);
