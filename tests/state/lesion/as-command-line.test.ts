import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lesion } from "../../../src/cli/lesion/lesion.ts";
import { areaPx } from "../../../src/core/values/slice.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { createExplorer } from "../../../src/state/app/create.ts";
import { createLibrary } from "../../../src/state/cases/library.ts";
import { decisionsOnScreen } from "../../../src/state/lesion/figures.ts";
import { lesionOnScreen } from "../../../src/state/lesion/keys.ts";
import { temporaryFolder } from "../../support/cases.ts";
import {
  AXIAL,
  type EllipsoidSeries,
  ellipsoidBits,
  writeEllipsoidCt,
  writeEllipsoidLabels,
} from "../../support/ellipsoid.ts";
import { portsWithModel } from "../../support/ports-with-model.ts";
import { tinyCases } from "../../support/tiny-pack.ts";
import { until } from "../../support/until.ts";

const folder = temporaryFolder();
const HALF = [9, 6, 8] as const;
const SIZES = { width: 150, height: 140, spacingMm: [0.8, 0.6] as const, stepMm: 2, centre: [70, 66, 6] as const };
const numbers = Array.from({ length: 13 }, (_, n) => n);
const SERIES: Readonly<Record<string, EllipsoidSeries>> = {
  axial: { ...SIZES, ...AXIAL, slices: numbers },
  oblique: { ...SIZES, rowDirection: [0.8, 0.6, 0], columnDirection: [-0.48, 0.64, 0.6], slices: numbers },
  "with a missing slice": { ...SIZES, ...AXIAL, slices: numbers.filter((n) => n !== 7) },
};
const MODEL = "tests/golden/tiny-general";

beforeAll(() => {
  for (const [name, series] of Object.entries(SERIES)) {
    writeEllipsoidCt(join(folder.path, name), series, HALF);
    writeEllipsoidLabels(join(folder.path, `${name}.nrrd`), series, HALF);
  }
});
afterAll(() => folder.end());

const fileOf = (path: string, name: string) => new File([readFileSync(path) as Uint8Array<ArrayBuffer>], name);

/** What the page makes of the series with the reader's labels. */
async function onThePage(name: string) {
  const examples = writePack("Examples", "", tinyCases());
  const { ports, files } = await portsWithModel(MODEL, async (path) => examples[path] as Uint8Array);
  const explorer = createExplorer(ports, createLibrary(ports));
  const state = () => explorer.store.getState();
  const slices = readdirSync(join(folder.path, name)).map((file) => fileOf(join(folder.path, name, file), file));
  await explorer.actions.openFiles([...slices, fileOf(join(folder.path, `${name}.nrrd`), "reader.nrrd")]);
  await explorer.actions.setFrame(5);
  explorer.actions.setModel(files.config.name);
  explorer.actions.setRegion(70, 66);
  explorer.actions.setCount(3);
  explorer.actions.show("lesion");
  await until(() => lesionOnScreen(state())?.found != null);
  const followed = lesionOnScreen(state());
  const decisions = decisionsOnScreen(state());
  explorer.dispose();
  return { followed, decisions };
}

interface Printed {
  readonly slices: readonly [number, number];
  readonly samples: readonly { readonly volumeMm3: number; readonly longMm: number; readonly shortMm: number }[];
  readonly graders: Printed["samples"];
  readonly decisions: readonly { readonly below: number; readonly graders: string }[];
}

describe("the page's lesion and the command line's", { tags: ["ci"] }, () => {
  it.each(Object.keys(SERIES))("give the same sizes and decisions: %s", async (name) => {
    const words = [join(folder.path, name), "--at", "70,66", "--slice", "5", "--model", MODEL, "--count", "3"];
    const marks = ["--marks", join(folder.path, `${name}.nrrd`), "--out", join(folder.path, `out ${name}`)];
    const printed = (await lesion([...words, ...marks])) as Printed;
    const { followed, decisions } = await onThePage(name);
    const measured = followed?.found?.measured;
    const six = (value: number) => Number(value.toPrecision(6));
    const sizes = (all: Printed["samples"] = []) =>
      all.map((size) => [six(size.volumeMm3), six(size.longMm), six(size.shortMm)]);
    expect(sizes(measured?.samples)).toEqual(sizes(printed.samples));
    expect(sizes(measured?.graders)).toEqual(sizes(printed.graders));
    expect([followed?.found?.grown.first, followed?.found?.grown.last]).toEqual(printed.slices);
    expect(decisions.map(({ gradersBelow, gradersDrew }) => `${gradersBelow} of ${gradersDrew}`)).toEqual(
      printed.decisions.map(({ graders }) => graders),
    );
    // the reader's: the ellipsoid itself, its voxels counted on every slice, a missing one too
    const [reader] = measured?.graders ?? [];
    const series = SERIES[name] as EllipsoidSeries;
    const voxels = numbers.reduce((sum, n) => sum + areaPx({ ...series, bits: ellipsoidBits(series, HALF, n) }), 0);
    expect(Math.abs((reader?.volumeMm3 ?? 0) / (voxels * 0.8 * 0.6 * 2) - 1)).toBeLessThan(0.02);
    expect(Math.abs((reader?.longMm ?? 0) - 2 * HALF[0])).toBeLessThan(0.8);
  });
});
