import { afterEach, describe, expect, it } from "vitest";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { columnFigures, isComparing } from "../../../src/state/compare/select.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { figures } from "../../../src/state/explore/figures.ts";
import { ballCases } from "../../support/ball-pack.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

/** formats.md, "One draw rule": for a case, model, seed and n every view shows the same samples and figures. */

let explorer: Explorer;
const state = () => explorer.store.getState();
const evaluated = () => explorer.evaluation.store.getState();

/** Three cases; the second says of itself that it is row 41 of the file that it comes from. */
async function openPack(): Promise<void> {
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  await until(() => !isBusy(state()));
  const cases = ballCases(3).map((one, row) => (row === 1 ? { ...one, draw: 41 } : one));
  const bytes = writeZip(writePack("Balls", "", cases)) as Uint8Array<ArrayBuffer>;
  await explorer.actions.openFiles([new File([bytes], "balls.zip")]);
}

afterEach(() => explorer.dispose());

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
    explorer.evaluation.change({ systems: [shown, system], count: 3, seed: 7 });
    explorer.evaluation.start();
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

describe("a link", () => {
  it("of before the rule has no draw number: it shows the samples that it showed", async () => {
    explorer = createExplorer(
      fakePorts(async () => new Uint8Array()),
      fakeLibrary(),
      "#case=example:two&seed=3",
    );
    await until(() => !isBusy(state()));
    expect(state().intent.draw).toBe(0);
  });
});
