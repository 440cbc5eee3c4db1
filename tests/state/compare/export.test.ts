import { strFromU8, unzipSync } from "fflate";
import { afterEach, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { comparisonIsThere } from "../../../src/state/compare/export.ts";
import { columnCurve, columnFigures, isComparing } from "../../../src/state/compare/select.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();

async function compared(): Promise<void> {
  const ports = fakePorts(async () => new Uint8Array());
  explorer = createExplorer(ports, fakeLibrary());
  await explorer.runs.fetch();
  await until(() => !isBusy(state()));
  explorer.actions.openCompare();
  explorer.actions.setSystems(["fake", "fake-m-heads"]);
  await until(() => !isBusy(state()) && !isComparing(state()));
}

const files = async (pictures = {}) => {
  const { name, bytes } = await explorer.actions.exportComparison(pictures);
  const found = Object.entries(unzipSync(bytes)).map(([file, text]) => [file, strFromU8(text)]);
  return { name, files: Object.fromEntries(found) as Record<string, string> };
};
const rows = (csv: string | undefined) =>
  (csv ?? "")
    .trim()
    .split("\n")
    .map((line) => line.split(","));

afterEach(() => explorer.dispose());

it("leaves as a table of the systems with their titles and the figures of their columns", async () => {
  await compared();
  expect(comparisonIsThere(state())).toBe(true);
  const { name, files: found } = await files({ "compare.svg": Uint8Array.of(60) });
  expect(name).toBe("compare.zip");
  expect(Object.keys(found)).toEqual(["compare.csv", "compare-curve.csv", "compare.svg"]);
  const [header, ...lines] = rows(found["compare.csv"]);
  expect(lines.map(([model]) => model)).toEqual(["fake", "fake-m-heads"]);
  for (const line of lines) {
    const cell = (column: string) => line[header?.indexOf(column) ?? -1];
    const { samples, agreement } = columnFigures(state(), line[0] as string);
    expect(cell("title")).toBe(state().models.find((model) => model.name === line[0])?.config.title);
    expect(Number(cell("samples"))).toBe(samples);
    expect(Number(cell("ged2"))).toBeCloseTo(agreement!.ged2, 5);
  }
});

it("holds the curve point by point, and that of the graders themselves under no model", async () => {
  await compared();
  const [header, ...lines] = rows((await files()).files["compare-curve.csv"]);
  expect(header).toEqual(["model", "title", "n", "ged2"]);
  const of = (model: string) => lines.filter(([name]) => name === model).map((line) => Number(line[3]));
  for (const name of ["fake", "fake-m-heads"])
    for (const [i, value] of columnCurve(state(), name).entries()) expect(of(name)[i]).toBeCloseTo(value, 5);
  expect(of("fake-m-heads")).toHaveLength(4); // it has four heads
  expect(of("")).toHaveLength(16);
});

it("leaves out a system whose samples are not those of this seed yet", async () => {
  await compared();
  explorer.actions.setSeed(9);
  expect(comparisonIsThere(state())).toBe(false);
  expect(rows((await files()).files["compare.csv"])).toHaveLength(1);
});
