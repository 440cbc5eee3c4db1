import { afterEach, describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import type { Ports } from "../../../../src/state/app/ports.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
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

/** A page that begins with the start, whose engine does not come before `come` is called. */
function begin(start: Start | null, hash = "", made: Ports["engine"] = () => ports.engine()): void {
  ports = fakePorts(async () => new Uint8Array());
  const there = new Promise<void>((resolve) => {
    come = resolve;
  });
  const engine = async () => {
    await there;
    return made();
  };
  page = createExplorer({ ...ports, engine }, fakeLibrary(), hash, start);
}
afterEach(() => page.dispose());

describe("a page that begins with what was made before the visit", () => {
  it("shows all of it at once, before there is an engine", async () => {
    begin(await made());
    expect(look(state())).toEqual(seen);
    expect([isBusy(state()), state().backend, canDraw(state())]).toEqual([false, null, false]);
    expect([exportIsStale(state()), wholeIsPossible(state())]).toEqual([true, false]);
    await turns(20);
    expect(look(state())).toEqual(seen); // the menu of cases came meanwhile
    expect(state().entries.length).toBeGreaterThan(1);
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
