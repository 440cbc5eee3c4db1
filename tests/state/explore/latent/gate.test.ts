import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { areaPx } from "../../../../src/core/values/slice.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { intentOfSession } from "../../../../src/state/cases/session.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { currentDraw, currentU, gateOnScreen } from "../../../../src/state/explore/latent/z.ts";
import { sampleMasks } from "../../../../src/state/explore/masks.ts";
import { shownDraw } from "../../../../src/state/explore/samples.ts";
import { sessionOf } from "../../../../src/state/explore/session.ts";
import { currentMask } from "../../../../src/state/explore/shown.ts";
import { FAKE_GATED_CONFIG } from "../../../support/fake-engine.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { until } from "../../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();
const settled = () => until(() => !isBusy(state()));
const area = async () => {
  await settled();
  return areaPx(currentMask(state())!);
};
const session = () => sessionOf(state(), { version: "1", commit: "a" }, "2026-01-01T00:00:00Z")!;

beforeEach(async () => {
  const name = "fake-gated";
  const ports = fakePorts(async () => new Uint8Array());
  const models = [...ports.models, { name, config: FAKE_GATED_CONFIG }];
  explorer = createExplorer({ ...ports, models, firstModel: name }, fakeLibrary());
  await settled();
});
afterEach(() => explorer.dispose());

describe("a model with a gate", () => {
  it("draws nothing where a sample's own u lies under the gate, which is said", async () => {
    expect(gateOnScreen(state())).toBeCloseTo(-0.312, 3); // −Φ⁻¹(sigmoid(.5))
    const us = state().drawn!.value.draws.map(({ u }) => u!);
    const empty = sampleMasks(state()).map((mask) => areaPx(mask) === 0);
    expect(empty).toEqual(us.map((u) => u <= gateOnScreen(state())!));
    expect(new Set(empty).size).toBe(2);
  });

  it("shows the u of the sample on the sliders, and takes one by hand in its place", async () => {
    expect(currentU(state())).toBe(0); // the prior's mean
    explorer.actions.chooseSample(3);
    await settled();
    const own = state().drawn!.value.draws[3]!;
    expect(currentDraw(state())).toEqual(own);
    expect(shownDraw(state())).toBe(3);
    explorer.actions.setPresence(-4);
    expect(await area()).toBe(0);
    expect(shownDraw(state())).toBeNull(); // no draw any more
    explorer.actions.setPresence(4);
    expect(await area()).toBeGreaterThan(0);
    expect(currentDraw(state())).toEqual({ ...own, u: 4 });
    explorer.actions.setPresence(null);
    expect(shownDraw(state())).toBe(3);
  });

  it("keeps the u by hand while z is moved, and drops it with z for another model", async () => {
    explorer.actions.setPresence(9);
    expect(state().intent.z.presence).toBe(4); // as far as the slider goes
    explorer.actions.priorMean();
    expect(currentU(state())).toBe(4);
    explorer.actions.setModel("fake-fields");
    await settled();
    expect(currentU(state())).toBeNull();
    expect(state().intent.z).not.toHaveProperty("presence");
  });

  it("shows what a grader drew as drawn", async () => {
    explorer.actions.asGrader(0);
    await settled();
    expect(currentU(state())).toBe(Number.POSITIVE_INFINITY);
    const { u, z } = session().choice;
    expect([u, z?.length]).toEqual([undefined, 6]); // without: it is drawn
    expect(intentOfSession(session()).z).toMatchObject({ source: { kind: "exact" }, locks: {} });
  });

  it("is in the session with its shift, and comes back out of it", async () => {
    explorer.actions.chooseSample(1);
    explorer.actions.setPresence(0.5);
    await settled();
    const { choice } = session();
    const { shift } = state().drawn!.value.draws[1]!;
    expect(choice).toMatchObject({ u: 0.5, shift });
    const { z } = intentOfSession(session());
    expect(z).toMatchObject({ presence: 0.5, source: { kind: "exact", shift } });
    explorer.store.want((intent) => ({ ...intent, z: z! }));
    await settled();
    expect(currentDraw(state())).toMatchObject({ u: 0.5, shift });
    explorer.actions.priorMean();
    explorer.actions.setPresence(null);
    await settled();
    expect(session().choice).not.toHaveProperty("u");
  });

  it("leaves the plane's little masks as they are when they are drawn", async () => {
    await until(() => state().plane?.value.done === 361);
    const before = state().plane!.value.cells;
    explorer.actions.setPresence(-4);
    await until(() => state().plane?.value.done === 361 && !isBusy(state()));
    expect(state().plane!.value.cells).toEqual(before);
    expect(before.some((cell) => cell?.some((level) => level > 0))).toBe(true);
  });
});
