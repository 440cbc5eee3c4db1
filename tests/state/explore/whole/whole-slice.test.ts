import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { frameKeyOf } from "../../../../src/state/app/identity.ts";
import type { Frame } from "../../../../src/state/app/shape.ts";
import { frameOnScreen } from "../../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { caseWarnings } from "../../../../src/state/explore/warnings.ts";
import {
  wholeCount,
  wholeIsPossible,
  wholeMap,
  wholeOnScreen,
} from "../../../../src/state/explore/whole/whole-slice.ts";
import { exampleId, fakeLibrary } from "../../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../../support/fake-ports.ts";
import { turns, until } from "../../../support/until.ts";

let explorer: Explorer;
let ports: FakePorts;

beforeEach(async () => {
  ports = fakePorts(async () => new Uint8Array());
  explorer = createExplorer(ports, fakeLibrary());
  await until(() => !isBusy(state()) && state().plane?.value.done === 361);
});
afterEach(() => explorer.dispose());

const state = () => explorer.store.getState();
const running = () => state().jobs.whole !== undefined;

/** Starts, and waits until the first of the four regions (200 × 180: two by two) is there. */
async function underWay(): Promise<void> {
  explorer.actions.mapWholeSlice();
  await until(() => (state().jobs.whole?.progress ?? 0) > 0);
}

describe("the map of the whole slice", () => {
  it("is made when asked for, with progress, and has the slice's size", async () => {
    expect(wholeIsPossible(state())).toBe(true);
    expect(wholeOnScreen(state())).toBeNull();
    const heard: number[] = [];
    const stop = explorer.store.subscribe(({ jobs }) => void heard.push(jobs.whole?.progress ?? 0));
    explorer.actions.mapWholeSlice();
    expect(running()).toBe(true);
    await until(() => wholeOnScreen(state()) !== null && !running());
    stop();
    expect([...new Set(heard.filter((share) => share > 0))]).toEqual([0.25, 0.5, 0.75, 1]);
    const whole = wholeOnScreen(state());
    expect(whole).toMatchObject({ count: 16, seed: 0 });
    expect(whole?.statistics.variance.length).toBe(200 * 180);
    expect(whole?.statistics.mean.some((p) => p > 0.5)).toBe(true);
  });

  it("is of the chosen layer, over a round range that holds it", async () => {
    explorer.actions.mapWholeSlice();
    await until(() => wholeOnScreen(state()) !== null);
    const variance = wholeMap(state());
    expect(variance?.values).toBe(wholeOnScreen(state())?.statistics.variance);
    expect(variance?.range[1]).toBeGreaterThanOrEqual(Math.max(...(variance?.values ?? [])) - 1e-6);
    explorer.actions.setWholeView({ layer: "mean" });
    expect(wholeMap(state())?.values).toBe(wholeOnScreen(state())?.statistics.mean);
    expect(wholeMap(state())?.range).toEqual([0, 1]);
    expect(state().wholeView.opacity).toBe(0.75);
  });

  it("does not keep the page busy, and z still moves meanwhile", async () => {
    await underWay();
    expect(isBusy(state())).toBe(false);
    explorer.actions.chooseSample(3);
    await until(() => !isBusy(state()));
    expect(state().intent.z.source).toEqual({ kind: "sample", index: 3 });
  });

  it("is removed by the person", async () => {
    explorer.actions.mapWholeSlice();
    await until(() => wholeOnScreen(state()) !== null && !running());
    explorer.actions.removeWholeMap();
    expect(wholeOnScreen(state())).toBeNull();
    expect(wholeMap(state())).toBeNull();
  });

  it("stays where the region, the seed or z is another one", async () => {
    explorer.actions.mapWholeSlice();
    await until(() => wholeOnScreen(state()) !== null);
    explorer.actions.setRegion(70, 70);
    explorer.actions.setSeed(5);
    await until(() => !isBusy(state()));
    expect(wholeOnScreen(state())?.seed).toBe(0);
  });

  it("goes with its slice", async () => {
    explorer.actions.mapWholeSlice();
    await until(() => wholeOnScreen(state()) !== null && !running());
    await explorer.actions.openCase(exampleId("two"));
    expect(wholeOnScreen(state())).toBeNull();
    expect(state().whole).toBeNull();
  });

  it("goes with its model", async () => {
    explorer.actions.mapWholeSlice();
    await until(() => wholeOnScreen(state()) !== null && !running());
    explorer.store.setState(({ models }) => ({ models: [...models, ...models.map((m) => ({ ...m, name: "other" }))] }));
    explorer.actions.setModel("other");
    expect(wholeOnScreen(state())).toBeNull();
  });
});

describe("a run over the whole slice", () => {
  it("is of the model on the screen, where a change of it was taken back", async () => {
    let end = () => {};
    ports.fake.slow = new Promise((resolve) => {
      end = resolve;
    });
    explorer.actions.setModel("fake-fields");
    await until(() => ports.fake.network === "fake-fields");
    expect(wholeIsPossible(state())).toBe(false);
    explorer.actions.mapWholeSlice();
    expect(running()).toBe(false);
    explorer.actions.setModel("fake");
    expect(wholeIsPossible(state())).toBe(true);
    end();
    explorer.actions.mapWholeSlice();
    await until(() => wholeOnScreen(state()) !== null && !running());
    expect(new Set(ports.fake.encodedBy)).toEqual(new Set(["fake"]));
  });

  it("ends in silence when it is cancelled, and can be started again", async () => {
    await underWay();
    explorer.actions.cancel("whole");
    expect(running()).toBe(false);
    const encodes = ports.fake.calls.encode;
    await turns(30);
    expect(ports.fake.calls.encode).toBe(encodes);
    expect(wholeOnScreen(state())).toBeNull();
    expect(state().notices).toEqual([]);
    explorer.actions.mapWholeSlice();
    await until(() => wholeOnScreen(state()) !== null);
  });

  it("is ended by another slice, whose map it never becomes", async () => {
    await underWay();
    await explorer.actions.openCase(exampleId("two"));
    expect(running()).toBe(false);
    await until(() => !isBusy(state()));
    await turns(30);
    expect(state().whole).toBeNull();
  });

  it("that fails becomes a sentence, and is not tried again by itself", async () => {
    ports.fake.fail.encode = new GraderspaceError("OutOfMemory", { problem: "there is no room for another region" });
    explorer.actions.mapWholeSlice();
    await until(() => !running());
    expect(state().notices.at(-1)).toMatchObject({
      kind: "alert",
      text: { english: "There is no room for another region." },
    });
    explorer.actions.setThreshold(0.4);
    expect(running()).toBe(false);
    delete ports.fake.fail.encode;
    explorer.actions.mapWholeSlice();
    await until(() => wholeOnScreen(state()) !== null);
  });

  it("takes fewer samples of a large slice: every one of them is held until the end", () => {
    expect(wholeCount(16, 512 * 512)).toBe(16);
    expect(wholeCount(100, 512 * 512)).toBe(32); // never more
    expect(wholeCount(16, 2048 * 2048)).toBe(8); // 2²⁵ numbers / 2²² pixels
    expect(wholeCount(16, 8192 * 8192)).toBe(4); // never fewer
    expect(wholeCount(2, 8192 * 8192)).toBe(2); // but as were asked for
  });
});

describe("the warnings of the case on the screen", () => {
  it("are none for the example", () => {
    expect(caseWarnings(state())).toEqual([]);
  });

  it("speak of the slice shown", async () => {
    const frame = frameOnScreen(state()) as Frame;
    const slice = { ...frame.slice, spacingMm: [1.4, 1.4] as const, values: new Float32Array(200 * 180) };
    const key = frameKeyOf(exampleId("one"), 0);
    explorer.store.setState(({ frames }) => ({ frames: new Map(frames).set(key, { ...frame, slice }) }));
    expect(caseWarnings(state()).map((sentence) => sentence.split(":")[0])).toEqual([
      "Pixels of 1.40 mm",
      "This region has no contrast",
    ]);
  });
});
