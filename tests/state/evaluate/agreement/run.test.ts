import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { agreement } from "../../../../src/cli/agreement/agreement.ts";
import { readBytes } from "../../../../src/cli/read-bytes.ts";
import { appVersion } from "../../../../src/cli/sampling.ts";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import { writeZip } from "../../../../src/io/bytes/zip-write.ts";
import type { OpenedCase } from "../../../../src/io/pack/pack.ts";
import { writePack } from "../../../../src/io/pack/pack-write.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { createLibrary } from "../../../../src/state/cases/library.ts";
import { agreementCsv, agreementLines, sortedAgreement } from "../../../../src/state/evaluate/agreement/case-lines.ts";
import { ratioChart } from "../../../../src/state/evaluate/agreement/ratio-chart.ts";
import { ballCases } from "../../../support/ball-pack.ts";
import { temporaryFolder } from "../../../support/cases.ts";
import { english } from "../../../support/english.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { runsOf } from "../../../support/runs-of.ts";
import { tinyCases } from "../../../support/tiny-pack.ts";
import { turns, until } from "../../../support/until.ts";

const folder = temporaryFolder();
let explorer: Explorer;
/** Turns that the page was given by the work. */
let given = 0;

beforeEach(async () => {
  const examples = writePack("Examples", "", tinyCases());
  const base = fakePorts(async (path) => examples[path] as Uint8Array);
  // Nothing is decoded for the explorer: the tests are quicker.
  base.fake.fail.encode = new GraderspaceError("DeviceLost", { problem: "the explorer rests" });
  given = 0;
  const nextTurn = async () => {
    given++;
    await base.nextTurn();
  };
  const ports = { ...base, nextTurn, app: await appVersion() };
  explorer = createExplorer(ports, createLibrary(ports));
  await explorer.runs.fetch();
  await until(() => explorer.store.getState().intent.caseId !== null);
});
afterEach(() => explorer.dispose());
afterAll(() => folder.end());

/** The same cases with persons in the place of "Grader 1" … */
function named(cases: readonly OpenedCase[]): OpenedCase[] {
  const persons = ["Ada", "Ben", "Cleo", "Dora"];
  return cases.map((one) => ({
    ...one,
    graders: one.graders.map((grader, g) => ({ ...grader, name: persons[g] as string })),
  }));
}

async function openPack(cases: readonly OpenedCase[], change: (files: Record<string, Uint8Array>) => void = () => {}) {
  const files = writePack("Balls", "", cases);
  change(files);
  const zip = writeZip(files) as Uint8Array<ArrayBuffer>;
  writeFileSync(join(folder.path, "balls.zip"), zip);
  await explorer.actions.openFiles([new File([zip], "balls.zip")]);
}

const found = () => explorer.store.getState().agreement?.value;
const working = () => explorer.store.getState().jobs.agreement !== undefined;

async function compared(cases: readonly OpenedCase[]) {
  await openPack(cases);
  explorer.actions.show("agreement");
  await until(() => found()?.pack.title === "Balls" && !working());
  return found()!;
}

describe("readers of a pack, on the page and on the command line", { tags: ["ci"] }, () => {
  it.each([
    ["anonymous", ballCases(6)],
    ["persons", named(ballCases(6))],
  ])("%s: the same figures, and the same report", async (_, cases) => {
    const { figures } = await compared(cases);
    const report = join(folder.path, "report.html");
    const { seconds: _seconds, ...printed } = (await agreement([
      join(folder.path, "balls.zip"),
      "--out",
      report,
    ])) as Record<string, unknown>;
    expect(english(figures)).toEqual(printed);
    const saved = await explorer.actions.exportAgreement();
    expect(saved.name).toBe("agreement.html");
    expect(new TextDecoder().decode(saved.bytes)).toBe(new TextDecoder().decode((await readBytes(report)).bytes));
  });

  it("the same where readers are taken for the same people, and where thresholds are others", async () => {
    await compared(ballCases(6));
    explorer.actions.takeReadersForSame(true);
    explorer.actions.presetThresholds("lung-rads-2022");
    await until(() => found()?.figures.same_readers === true && !working());
    const words = [join(folder.path, "balls.zip"), "--same-readers", "--thresholds", "lung-rads-2022"];
    const { seconds: _seconds, ...printed } = (await agreement(words)) as Record<string, unknown>;
    expect(english(found()?.figures)).toEqual(printed);
    expect(Object.keys(found()?.figures.flips ?? {})).toEqual(["6mm", "8mm", "15mm"]);
  });
});

describe("the readers of a pack", () => {
  it("are compared where the view is shown: the built-in examples, without a model", async () => {
    expect(found()).toBeUndefined();
    explorer.actions.show("agreement");
    await until(() => found() !== undefined);
    expect(found()?.pack.shelf).toBe("example");
    expect(explorer.hash()).toContain("&view=agreement");
  });

  it("give way to the page between cases and between figures", async () => {
    await compared(ballCases(6));
    expect(given).toBeGreaterThan(6 + 6);
  });

  it("say what has no meaning, and why", async () => {
    const { figures } = await compared(ballCases(4));
    expect(figures.icc["area"]).toMatchObject({ icc21: null, icc31: null });
    expect(figures.blandAltman).toBeNull();
    expect(Object.keys(figures.flips ?? {})).toEqual(["6mm", "8mm"]); // a slice has no volume
    const notes = english(figures.notes).join("; ");
    expect(notes).toContain("ICC(2,1), ICC(3,1) and Bland–Altman are null: its readers are not known");
    expect(notes).toContain("a single slice has no volume");
  });

  it("with spacing in some cases alone: no figure holds mm² against pixels", async () => {
    const [first, ...others] = named(ballCases(4)) as [OpenedCase, ...OpenedCase[]];
    const value = await compared([{ ...first, slice: { ...first.slice, spacingMm: null } }, ...others]);
    expect(Object.keys(value.figures.icc)).toEqual(["long_axis", "mean_diameter"]);
    expect(value.figures.blandAltman).toBeNull();
    expect(english(value.figures.notes).join("; ")).toContain("mm² cannot be held against pixels");
    expect(ratioChart(value, null).points).toEqual([]);
  });

  it("a case that cannot be read is named, and in no figure", async () => {
    await openPack(ballCases(3), (files) => delete files["002/grader-1.png"]);
    explorer.actions.show("agreement");
    await until(() => found()?.pack.title === "Balls");
    expect(found()?.figures.cases).toBe(2);
    expect(found()?.rows).toEqual([0, 2]);
    expect(found()?.failed[0]).toMatchObject({ row: 1, id: "ball-2" });
    expect(english(found()?.figures.notes.at(-1))).toBe("1 case could not be read and is in no figure: ball-2");
  });

  it("a run that is cancelled stands still until it is asked for, and then goes on where it was", async () => {
    await openPack(ballCases(6));
    explorer.actions.show("agreement");
    await until(() => (explorer.store.getState().jobs.agreement?.progress ?? 0) > 0.2);
    explorer.actions.cancel("agreement");
    await turns(25);
    expect([working(), found()]).toEqual([false, undefined]);
    const before = given;
    explorer.actions.retry();
    await until(() => found() !== undefined);
    expect(given - before).toBeLessThan(before + 20);
    expect(found()?.study.cases).toHaveLength(6);
  });

  it("takes as many cases as are asked for, evenly spread", async () => {
    await compared(ballCases(5));
    runsOf(explorer).evaluation.change({ limit: 2 });
    await until(() => found()?.study.cases.length === 2);
    expect(found()?.rows).toEqual([0, 2]); // floor(0), floor(2.5)
  });
});

describe("the table of cases", () => {
  it("sorts those first on which readers part most; equal ones stay in the order of the pack", async () => {
    const lines = agreementLines(await compared(ballCases(6)));
    expect(lines.map(({ drew, looked }) => `${drew} of ${looked}`)).toEqual([
      "3 of 4",
      "4 of 4",
      "3 of 4",
      "4 of 4",
      "3 of 4",
      "4 of 4",
    ]);
    const apart = sortedAgreement(lines, { by: "apart", falling: true }).map((line) => line.apart ?? Number.NaN);
    expect(apart).toEqual([...apart].sort((a, b) => b - a));
    expect(sortedAgreement(lines, { by: "case", falling: false })).toEqual(lines);
  });

  it("is a CSV row per case, with ids and without titles, patients or readers' names", async () => {
    const value = await compared(named(ballCases(3)));
    const [header, ...rows] = agreementCsv(value).trim().split("\n");
    expect(header).toBe("case,row,looked,drew,one_minus_iou,dice,hd95_mm,area_ratio");
    expect(rows).toHaveLength(3);
    expect(rows[1]).toMatch(/^ball-2,1,4,4,0\.\d+,0\.\d+,\d/);
    expect(rows.join()).not.toMatch(/number|patient|Ada/);
  });
});

describe("the chart of ratios", () => {
  it("shows a pair with its limits, or everybody against the case's geometric mean", async () => {
    const value = await compared(named(ballCases(4)));
    const pair = ratioChart(value, 0); // Ada to Ben, who both drew all four
    expect(pair.points.map(({ at }) => at)).toEqual([0, 1, 2, 3]);
    expect(pair.points.every(({ ratio }) => ratio < 1)).toBe(true); // Ben draws 1 to 4 px wider
    expect(pair.limits).toMatchObject({ a: "Ada", b: "Ben", cases: 4 });
    const all = ratioChart(value, null);
    expect(all.limits).toBeNull();
    expect(all.points).toHaveLength(3 + 4 + 3 + 4); // the fourth drew every second one
  });
});
