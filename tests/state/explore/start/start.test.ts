import { afterEach, describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import type { Encoding } from "../../../../src/core/network/encoding.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import type { Ports } from "../../../../src/state/app/ports.ts";
import { engineIsThere, isBusy } from "../../../../src/state/explore/busy.ts";
import { exportIsStale } from "../../../../src/state/explore/export.ts";
import { figures, graderFigures, surprises, varianceSummary } from "../../../../src/state/explore/figures.ts";
import { canDraw } from "../../../../src/state/explore/keys.ts";
import { effectsHere, slidersOf } from "../../../../src/state/explore/latent/directions.ts";
import { effectsKey } from "../../../../src/state/explore/latent/effects.ts";
import { planeMarks } from "../../../../src/state/explore/latent/plane-marks.ts";
import { sampleAreas } from "../../../../src/state/explore/masks.ts";
import { currentMask } from "../../../../src/state/explore/shown.ts";
import { wasMadeBefore } from "../../../../src/state/explore/start/made-before.ts";
import { type Start, startOf } from "../../../../src/state/explore/start/start.ts";
import { wholeIsPossible } from "../../../../src/state/explore/whole/whole-slice.ts";
import { insidesOnScreen } from "../../../../src/state/learn/levels-on-screen.ts";
import { lesionOnScreen } from "../../../../src/state/lesion/keys.ts";
import { ballSeries } from "../../../support/ball-series.ts";
import { FAKE_HEAD, FakeDecoder } from "../../../support/fake-engine.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../../support/fake-ports.ts";
import { turns, until } from "../../../support/until.ts";

let page: Explorer;
let ports: FakePorts;
const state = () => page.store.getState();
/** Lets the engine come. */
let come = () => {};

/** What a page without a start ends with, when nothing is left to do. */
async function made(): Promise<Start> {
  const explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  const { store } = explorer;
  await until(() => {
    const { plane, effects, jobs } = store.getState();
    return Object.keys(jobs).length === 0 && plane?.value.done === 361 && effects?.key === effectsKey(store.getState());
  });
  seen = look(store.getState());
  const start = startOf(store.getState());
  encoding = store.getState().encoded?.value.encoding as Encoding;
  explorer.dispose();
  return start as Start;
}

/** What is on the screen. */
const look = (now: ReturnType<typeof state>) => ({
  figures: figures(now),
  graders: graderFigures(now),
  surprises: surprises(now),
  variance: varianceSummary(now),
  areas: sampleAreas(now),
  mask: currentMask(now),
  sliders: slidersOf(now),
  marks: planeMarks(now),
  cells: now.plane?.value.cells,
  effects: effectsHere(now),
});
let seen: ReturnType<typeof look>;
/** What the network made of the start's region. */
let encoding: Encoding;

/** A page that begins with the start, whose engine does not come before `come` is called. */
function begin(
  start: Start | null,
  hash = "",
  made: Ports["engine"] = () => ports.engine(),
  sliders?: Ports["start"],
): void {
  ports = fakePorts(async () => new Uint8Array());
  const there = new Promise<void>((resolve) => {
    come = resolve;
  });
  const engine = async () => {
    await there;
    return made();
  };
  page = createExplorer({ ...ports, engine, ...(sliders && { start: sliders }) }, fakeLibrary(), hash, start);
}
afterEach(() => page.dispose());

describe("a page that begins with what was made before the visit", () => {
  it("shows all of it at once, before there is an engine", async () => {
    begin(await made());
    expect(look(state())).toEqual(seen);
    expect(state().entries.map(({ id }) => id)).toEqual([state().intent.caseId]);
    expect([isBusy(state()), state().backend, canDraw(state())]).toEqual([false, null, false]);
    expect([exportIsStale(state()), wholeIsPossible(state())]).toEqual([true, false]);
    await turns(20);
    expect(look(state())).toEqual(seen); // the menu of cases came meanwhile
    const ids = state().entries.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(ids.length); // the case that stood there from the beginning is there once
  });

  it("gets its maps from the engine once that is there, and looks the same; plane, modes and places are not made again", async () => {
    begin(await made());
    const { plane } = state();
    come();
    await until(
      () => canDraw(state()) && !wasMadeBefore(state().drawn?.value) && !wasMadeBefore(state().current?.value),
    );
    await until(() => Object.keys(state().jobs).length === 0);
    expect(look(state())).toEqual(seen);
    expect(state().plane).toBe(plane);
    expect([ports.fake.calls.encode, ports.decoder.singles]).toEqual([1, 1]);
    expect([exportIsStale(state()), wholeIsPossible(state())]).toEqual([false, true]);
  });

  it("waits for the engine with what a person does before it is there", async () => {
    begin(await made());
    const axis = { name: "z1", vector: Float32Array.of(1, 0, 0, 0, 0, 0) };
    page.actions.moveTo([{ direction: axis, at: 2 }], null);
    await turns(20);
    expect(isBusy(state())).toBe(true);
    come();
    await until(() => !isBusy(state()));
    expect(currentMask(state())).not.toEqual(seen.mask);
  });

  it("stays awake where another place is looked at before the engine is there, which has it then", async () => {
    for (const view of ["learn", "lesion"] as const) {
      begin(await made());
      if (view === "lesion") await page.actions.openFiles([ballSeries()]);
      let changes = 0;
      page.store.subscribe(() => {
        changes++;
        if (changes > 2_000) throw new Error("the state changes without end"); // else nothing else would ever run
      });
      page.actions.show(view);
      await page.runs.fetch();
      await turns(20);
      expect([view, changes < 100]).toEqual([view, true]);
      come();
      await until(() => (view === "learn" ? insidesOnScreen(state()) : lesionOnScreen(state())?.found) != null);
      page.dispose();
    }
  });

  it("says why where the engine does not come, and keeps what is shown", async () => {
    begin(await made(), "", async () => {
      throw new GraderspaceError("WorkerLost", { problem: "no worker" });
    });
    come();
    await until(() => state().failures.model !== undefined);
    expect(look(state())).toEqual(seen);
  });

  it("does not show it where a link asks for something else", async () => {
    const start = await made();
    for (const hash of ["#seed=3", "#case=example:two", "#n=8", "#own=01234567", "#model=fake-fields"]) {
      begin(start, hash);
      expect([hash, state().drawn, state().frames.size]).toEqual([hash, null, 0]);
      page.dispose();
    }
  });

  it("shows it where a link asks for the same, looked at in another way", async () => {
    const start = await made();
    begin(start, "#case=example:one&layer=mean");
    expect([state().intent.view.layer, isBusy(state())]).toEqual(["mean", false]);
  });

  it("does not show it where it was made with other weights", async () => {
    begin({ ...(await made()), weights: "another" });
    expect(state().drawn).toBeNull();
  });
});

describe("sliders before there is an engine", () => {
  const axis = { name: "z1", vector: Float32Array.of(1, 0, 0, 0, 0, 0) };
  const move = (at: number) => page.actions.moveTo([{ direction: axis, at }], null);
  const light = () => {
    const decoder = new FakeDecoder(FAKE_HEAD);
    return { decoder, start: { encoding: async () => encoding, decoder: async () => decoder } };
  };

  it("decode what the build encoded, and show what the engine then shows", async () => {
    const start = await made();
    const { decoder, start: sliders } = light();
    begin(start, "", undefined, sliders);
    await until(() => canDraw(state()));
    move(2);
    await until(() => !isBusy(state()));
    const moved = currentMask(state());
    expect(moved).not.toEqual(seen.mask);
    expect([decoder.singles > 0, ports.fake.calls.encode, engineIsThere(state())]).toEqual([true, 0, false]);
    come();
    await until(() => engineIsThere(state()) && Object.keys(state().jobs).length === 0);
    expect([ports.fake.calls.encode, currentMask(state())]).toEqual([1, moved]); // the engine has looked at the region itself
    const before = decoder.singles;
    move(-2);
    await until(() => !isBusy(state()));
    expect([decoder.singles, ports.decoder.singles > 0]).toEqual([before, true]); // and answers from now on
  });

  it("know no other region: that waits for the engine", async () => {
    const start = await made();
    begin(start, "", undefined, light().start);
    await until(() => canDraw(state()));
    page.actions.setRegion(200, 200);
    await turns(20);
    expect([isBusy(state()), canDraw(state())]).toEqual([true, false]);
    come();
    await until(() => !isBusy(state()));
  });

  it("do not keep the engine from another region while what they need is on its way", async () => {
    const start = await made();
    begin(start, "", undefined, { ...light().start, encoding: () => new Promise(() => undefined) });
    come();
    await turns(20);
    expect(state().jobs.model).toBeUndefined();
    page.actions.setRegion(200, 200);
    await until(() => !isBusy(state()));
    expect(ports.fake.calls.encode).toBe(1);
  });

  it("wait for the engine where what they need is not to be had", async () => {
    const start = await made();
    for (const encoded of [async () => null, async () => Promise.reject(new Error("no line"))]) {
      begin(start, "", undefined, { ...light().start, encoding: encoded });
      move(2);
      await turns(20);
      expect(isBusy(state())).toBe(true);
      come();
      await until(() => !isBusy(state()));
      expect(currentMask(state())).not.toEqual(seen.mask);
      page.dispose();
    }
  });

  it("place no reader: that is the network's work", async () => {
    const start = await made();
    begin(start, "", undefined, light().start);
    await until(() => canDraw(state()));
    page.actions.drawYou([300, 300, 320, 300, 320, 320, 300, 320]);
    await turns(20);
    expect(state().failures).toEqual({});
    come();
    await until(() => engineIsThere(state()) && Object.keys(state().jobs).length === 0);
    expect(state().failures).toEqual({});
  });
});
