import { afterEach, describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import {
  columnCurve,
  columnDrawn,
  columnFigures,
  columnIsStale,
  columnJob,
  columnProblem,
  comparedRange,
  gradersCurve,
  isComparing,
} from "../../../src/state/compare/select.ts";
import { firstSystems } from "../../../src/state/compare/slice.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { figures } from "../../../src/state/explore/figures.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../support/fake-ports.ts";
import { fakeConfig } from "../../support/fake-sampler.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
let ports: FakePorts;
const state = () => explorer.store.getState();

const settled = () => until(() => !isBusy(state()) && !isComparing(state()));

async function open(hash = ""): Promise<void> {
  ports = fakePorts(async () => new Uint8Array());
  explorer = createExplorer(ports, fakeLibrary(), hash);
  await explorer.runs.fetch();
  await until(() => !isBusy(state()));
}

/** The explorer's Probabilistic U-Net beside the named ones. */
async function compare(...names: string[]): Promise<void> {
  await open();
  explorer.actions.openCompare();
  explorer.actions.setSystems(["fake", ...names]);
  await settled();
}

afterEach(() => explorer.dispose());

describe("the columns", () => {
  it("are at first the explorer's model and one of each other family, as many as fit", async () => {
    await open();
    explorer.actions.openCompare();
    expect(state().compare.systems).toEqual(["fake", "fake-dropout-unet", "fake-unet-ensemble", "fake-m-heads"]);
  });

  it("are those again that were chosen, and not the others", async () => {
    await compare("fake-m-heads");
    explorer.actions.show("explorer");
    explorer.actions.openCompare();
    expect(state().compare.systems).toEqual(["fake", "fake-m-heads"]);
  });

  it("leave out what is heavy until it is asked for by name", () => {
    const weights = [{ file: "a", dtype: "f16", sha256: "0".repeat(64), bytes: 1e8 }] as const;
    const heavy = { name: "heavy", config: { ...fakeConfig("unet-ensemble"), weights }, bundled: true };
    const light = { name: "light", config: fakeConfig("m-heads"), bundled: true };
    const shown = { name: "shown", config: fakeConfig("prob-unet"), bundled: true };
    expect(firstSystems([shown, heavy, light], "shown")).toEqual(["shown", "light"]);
  });

  it("have the paper's model beside one that goes past it, and not the other way round", () => {
    const past = { name: "past", config: fakeConfig("prob-unet"), bundled: true }; // its head has no comb
    const { architecture } = past.config;
    const withComb = { ...architecture, head: { ...architecture.head, comb: true } };
    const paper = { name: "paper", config: { ...past.config, architecture: withComb }, bundled: true };
    const heads = { name: "heads", config: fakeConfig("m-heads"), bundled: true };
    expect(firstSystems([past, paper, heads], "past")).toEqual(["past", "paper", "heads"]);
    expect(firstSystems([past, paper, heads], "paper")).toEqual(["paper", "heads"]);
  });

  it("hold each system's samples of the same region; the explorer's own cost nothing more", async () => {
    await compare("fake-m-heads", "fake-dropout-unet");
    expect(columnDrawn(state(), "fake")).toBe(state().drawn?.value);
    expect(columnDrawn(state(), "fake-m-heads")?.samples.count).toBe(4);
    expect(columnDrawn(state(), "fake-dropout-unet")?.samples.count).toBe(16);
    expect(columnFigures(state(), "fake")).toEqual(figures(state()));
    expect(columnFigures(state(), "fake-m-heads").agreement?.ged2).toBeGreaterThan(0);
    expect(ports.systems.map(({ config }) => config.name).sort()).toEqual(["fake-dropout-unet", "fake-m-heads"]);
    expect(ports.fake.calls.encode).toBe(1);
  });

  it("follow seed and region, and look at a region once", async () => {
    await compare("fake-dropout-unet");
    const before = columnDrawn(state(), "fake-dropout-unet");
    explorer.actions.setSeed(7);
    expect(columnIsStale(state(), "fake-dropout-unet")).toBe(true);
    await settled();
    expect(columnDrawn(state(), "fake-dropout-unet")).not.toBe(before);
    expect(ports.systems[0]?.calls.prepare).toBe(1);
    explorer.actions.nudgeRegion(8, 0);
    expect(columnDrawn(state(), "fake-dropout-unet")).toBeNull();
    await settled();
    expect(columnDrawn(state(), "fake-dropout-unet")).not.toBeNull();
    expect(ports.systems[0]?.calls.prepare).toBe(2);
  });

  it("share one colour bar, wide enough for all of them", async () => {
    await compare("fake-m-heads");
    const most = ["fake", "fake-m-heads"].map((name) =>
      Math.max(...(columnDrawn(state(), name)?.statistics.variance ?? [])),
    );
    expect(comparedRange(state())[1]).toBeGreaterThanOrEqual(Math.max(...most));
  });

  it("one that fails says so, and the others go on", async () => {
    await open();
    ports.failing["fake-m-heads"] = new GraderspaceError("ModelTruncated", { problem: "the weights end early" });
    explorer.actions.openCompare();
    explorer.actions.setSystems(["fake", "fake-m-heads", "fake-dropout-unet"]);
    await settled();
    expect(columnProblem(state(), "fake-m-heads")).toBe("The weights end early.");
    expect(columnDrawn(state(), "fake-dropout-unet")).not.toBeNull();
    expect(state().notices.filter(({ kind }) => kind === "alert")).toEqual([]);
    delete ports.failing["fake-m-heads"];
    explorer.actions.retryColumn("fake-m-heads");
    await until(() => columnDrawn(state(), "fake-m-heads") !== null);
    expect(columnProblem(state(), "fake-m-heads")).toBeNull();
  });

  it("whose worker died is tried again with another worker", async () => {
    await compare("fake-m-heads");
    const [dead] = ports.systems;
    const lost = new GraderspaceError("WorkerLost", { problem: "the browser stopped the background work" });
    Object.assign(dead as object, { draw: () => Promise.reject(lost), prepare: () => Promise.reject(lost) });
    explorer.actions.setSeed(3);
    await until(() => columnProblem(state(), "fake-m-heads") !== null);
    explorer.actions.retryColumn("fake-m-heads");
    await until(() => !columnIsStale(state(), "fake-m-heads"));
    expect(ports.systems).toHaveLength(2);
    expect(dead?.calls.disposed).toBe(1);
  });

  it("that failed still says so when the explorer's own is tried again", async () => {
    await open();
    ports.failing["fake-m-heads"] = new GraderspaceError("ModelTruncated", { problem: "the weights end early" });
    explorer.actions.openCompare();
    explorer.actions.setSystems(["fake", "fake-m-heads"]);
    await settled();
    explorer.actions.retry();
    expect(columnProblem(state(), "fake-m-heads")).toBe("The weights end early.");
  });

  it("can be cancelled, alone", async () => {
    await compare("fake-dropout-unet", "fake-m-heads");
    const [slow] = ports.systems;
    if (slow) slow.slow = 20;
    explorer.actions.setSeed(3);
    await until(() => (columnJob(state(), "fake-dropout-unet")?.progress ?? 0) > 0);
    expect(columnJob(state(), "fake-m-heads")?.what).toBe("Waiting for its turn");
    explorer.actions.cancelColumn("fake-dropout-unet");
    expect(columnProblem(state(), "fake-dropout-unet")).toBe("It was cancelled.");
    await until(() => !columnIsStale(state(), "fake-m-heads"));
  });
});

describe("GED² against n", () => {
  it("ends at the column's GED², and falls", async () => {
    await compare("fake-m-heads");
    const curve = columnCurve(state(), "fake-m-heads");
    expect(curve).toHaveLength(4);
    expect(curve.at(-1)).toBeCloseTo(columnFigures(state(), "fake-m-heads").agreement?.ged2 ?? Number.NaN, 10);
    expect([...curve].sort((a, b) => b - a)).toEqual(curve);
  });

  it("stands beside what the graders themselves would score: their spread over n", async () => {
    await compare("fake-m-heads");
    const spread = columnFigures(state(), "fake").agreement?.graderSpread ?? Number.NaN;
    const own = gradersCurve(state());
    expect(own).toHaveLength(16);
    expect(own[0]).toBeCloseTo(spread, 10);
    expect(own[3]).toBeCloseTo(spread / 4, 10);
  });
});

describe("leaving the comparison", () => {
  it("closes its systems and keeps what they drew", async () => {
    await compare("fake-m-heads");
    explorer.actions.show("explorer");
    expect(ports.systems[0]?.calls.disposed).toBe(1);
    expect(columnDrawn(state(), "fake-m-heads")).not.toBeNull();
    explorer.actions.openCompare();
    await settled();
    expect(ports.systems).toHaveLength(1);
  });

  it("leaves the explorer as it was", async () => {
    await open();
    explorer.actions.chooseSample(4);
    await until(() => !isBusy(state()));
    const { intent, current, drawn } = state();
    explorer.actions.openCompare();
    await settled();
    explorer.actions.show("explorer");
    expect([state().intent, state().current, state().drawn]).toEqual([intent, current, drawn]);
  });

  it("a link brings it back with its systems", async () => {
    await compare("fake-m-heads", "fake-unet-ensemble");
    const hash = explorer.hash();
    explorer.dispose();
    await open(hash);
    expect(state().view).toBe("compare");
    expect(state().compare.systems).toEqual(["fake", "fake-m-heads", "fake-unet-ensemble"]);
    await settled();
    expect(columnDrawn(state(), "fake-unet-ensemble")?.samples.count).toBe(3);
    explorer.actions.follow("#case=example%3Aone");
    expect(state().view).toBe("explorer");
  });
});
