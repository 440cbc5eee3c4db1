import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openModel } from "../../../src/cli/backend.ts";
import { compare } from "../../../src/cli/compare.ts";
import { evaluate } from "../../../src/cli/evaluate.ts";
import { readModel } from "../../../src/cli/model-folder.ts";
import { SAMPLE_ORDERS } from "../../../src/core/random/orders.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import type { OpenedCase } from "../../../src/io/pack/pack.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import type { CaseId } from "../../../src/state/app/identity.ts";
import type { Ports } from "../../../src/state/app/ports.ts";
import { createLibrary } from "../../../src/state/cases/library.ts";
import { columnFigures, isComparing } from "../../../src/state/compare/select.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { figures } from "../../../src/state/explore/figures.ts";
import { ballCases } from "../../support/ball-pack.ts";
import { temporaryFolder } from "../../support/cases.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { runsOf } from "../../support/runs-of.ts";
import { until } from "../../support/until.ts";

/** formats.md, "One draw rule": for a case, model, seed and n every view shows the same samples and figures. */

let explorer: Explorer;
const state = () => explorer.store.getState();
const evaluated = () => runsOf(explorer).evaluation.store.getState();

/** Three cases; the second says of itself that it is row 41 of the file that it comes from. */
async function openPack(): Promise<void> {
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  await explorer.runs.fetch();
  await until(() => !isBusy(state()));
  const cases = ballCases(3).map((one, row) => (row === 1 ? { ...one, draw: 41 } : one));
  const bytes = writeZip(writePack("Balls", "", cases)) as Uint8Array<ArrayBuffer>;
  await explorer.actions.openFiles([new File([bytes], "balls.zip")]);
}

const folder = temporaryFolder();
afterEach(() => explorer.dispose());
afterAll(() => folder.end());

describe("a case of a pack", () => {
  it("is drawn by its place in the pack, or by the number that the pack gives it", async () => {
    await openPack();
    const draws: number[] = [];
    for (const { id, group } of state().entries) {
      if (group !== "Balls") continue;
      await explorer.actions.openCase(id);
      draws.push(state().intent.draw);
    }
    expect(draws).toEqual([0, 41, 2]);
  });

  it("has the same GED² in Evaluate, in the explorer and in the comparison", async () => {
    await openPack();
    explorer.actions.show("evaluate");
    await until(() => evaluated().pack !== null);
    const [shown, system] = ["fake-unet-ensemble", "fake-m-heads"]; // the first members, and heads permuted by (seed, draw)
    runsOf(explorer).evaluation.change({ systems: [shown, system], count: 3, seed: 7 });
    runsOf(explorer).evaluation.start();
    await until(() => evaluated().status === "idle" && evaluated().systems.length === 2);
    const rowOf = (name: string, row: number) =>
      evaluated()
        .systems.find((one) => one.name === name)
        ?.rows.find((one) => one.row === row)?.figures;
    for (const row of [1, 2]) {
      const entry = state().entries.find(({ pack }) => pack?.shelf === evaluated().pack?.shelf && pack?.row === row);
      if (!entry) throw new Error("the case is in the menu");
      await explorer.actions.openDrawn(entry.id, { model: shown, seed: 7, count: 3, threshold: 0.5 });
      explorer.actions.openCompare();
      explorer.actions.setSystems([shown, system]);
      await until(() => !isBusy(state()) && !isComparing(state()));
      expect(figures(state()).agreement?.ged2).toBeCloseTo(rowOf(shown, row)?.ged2 ?? Number.NaN, 12);
      expect(columnFigures(state(), system).agreement?.ged2).toBeCloseTo(rowOf(system, row)?.ged2 ?? Number.NaN, 12);
      expect(state().intent).toMatchObject({ seed: 7, count: 3, threshold: 0.5 });
    }
  });
});

describe("one case of a pack, by a real model", { tags: ["ci"] }, () => {
  it.each(SAMPLE_ORDERS)(
    "has one GED² in Evaluate, in the explorer, in the comparison and on the command line: %s",
    async (drawn) => {
      const files = await readModel("tests/golden/tiny-general"); // with local fields: they are drawn too
      const name = files.config.name;
      const base = fakePorts(async () => new Uint8Array());
      const ports: Ports = {
        ...base,
        models: [...base.models, { name, config: files.config }],
        readModel: async () => files.weights[0] as Uint8Array,
        engine: async () => {
          const engine = await base.engine();
          return { ...engine, load: (of) => (of.config.name === name ? openModel(of) : engine.load(of)) };
        },
      };
      explorer = createExplorer(ports, createLibrary(ports));
      await explorer.runs.fetch();
      const pack = writeZip(writePack("Ball", "", [{ ...(ballCases(1)[0] as OpenedCase), draw: 41 }]));
      await explorer.actions.openFiles([new File([pack as Uint8Array<ArrayBuffer>], "ball.zip")]);
      explorer.actions.show("evaluate");
      await until(() => evaluated().pack !== null);
      runsOf(explorer).evaluation.change({ systems: [name], count: 4, seed: 7, order: drawn });
      runsOf(explorer).evaluation.start();
      await until(() => evaluated().status === "idle" && evaluated().systems[0]?.rows.length === 1);
      const inEvaluate = evaluated().systems[0]?.rows[0]?.figures.ged2;

      const [entry] = state().entries.filter(({ group }) => group === "Ball");
      await explorer.actions.openDrawn(entry?.id as CaseId, {
        model: name,
        seed: 7,
        count: 4,
        order: drawn,
        threshold: 0.5,
      });
      explorer.actions.openCompare();
      explorer.actions.setSystems([name]);
      await until(() => !isBusy(state()) && !isComparing(state()) && figures(state()).samples === 4);

      const file = join(folder.path, "ball.zip");
      writeFileSync(file, pack);
      const order = ["--model", "tests/golden/tiny-general", "--count", "4", "--seed", "7", "--order", drawn];
      const printed = (await evaluate([file, ...order])) as { ged2: number };
      expect(printed.ged2).toBeGreaterThan(0);
      const six = (value: number | undefined) => Number(value?.toPrecision(6));
      expect([
        six(inEvaluate),
        six(figures(state()).agreement?.ged2),
        six(columnFigures(state(), name).agreement?.ged2),
      ]).toEqual([printed.ged2, printed.ged2, printed.ged2]);
      const { rows } = (await compare([
        file,
        "--models",
        "tests/golden/tiny-general",
        "--counts",
        "4",
        "--seed",
        "7",
        "--order",
        drawn,
      ])) as {
        rows: { ged2: number }[];
      };
      expect(rows[0]?.ged2).toBeCloseTo(printed.ged2, 6);
    },
  );
});

describe("a link", () => {
  it("of before the rule has no draw number: it shows the samples that it showed", async () => {
    explorer = createExplorer(
      fakePorts(async () => new Uint8Array()),
      fakeLibrary(),
      "#case=example:two&seed=3",
    );
    await explorer.runs.fetch();
    await until(() => !isBusy(state()));
    expect(state().intent.draw).toBe(0);
  });
});
