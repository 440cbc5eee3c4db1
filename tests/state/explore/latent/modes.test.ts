import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gridFromText } from "../../../../src/io/session/grid-text.ts";
import type { Session } from "../../../../src/io/session/session.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { intentOfSession } from "../../../../src/state/cases/session.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { posteriorOf } from "../../../../src/state/explore/keys.ts";
import {
  type Axis,
  along,
  effectsHere,
  movesHere,
  slidersOf,
} from "../../../../src/state/explore/latent/directions.ts";
import { effectsKey } from "../../../../src/state/explore/latent/effects.ts";
import { fieldsUnder } from "../../../../src/state/explore/latent/fields-under.ts";
import { currentDraw, sigmaOf } from "../../../../src/state/explore/latent/z.ts";
import { sampleAreas } from "../../../../src/state/explore/masks.ts";
import { sessionOf } from "../../../../src/state/explore/session.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { until } from "../../../support/until.ts";

const APP = { version: "0", commit: "0" };
let explorer: Explorer;
const state = () => explorer.store.getState();

beforeEach(async () => {
  const ports = { ...fakePorts(async () => new Uint8Array()), firstModel: "fake-fields" };
  explorer = createExplorer(ports, fakeLibrary());
  await until(() => !isBusy(state()) && slidersOf(state()).length > 0);
});
afterEach(() => explorer.dispose());

describe("a model whose prior is N(0, I)", () => {
  it("shows this case's modes first, by their effect, those that do nothing last", () => {
    const sliders = slidersOf(state());
    expect(sliders.map(({ name }) => name)).toEqual(["mode 1", "mode 2", "mode 3", "mode 4", "mode 5", "mode 6"]);
    const effects = sliders.map(({ effect }) => effect);
    expect(effects).toEqual([...effects].sort((a, b) => b - a));
    expect(sliders[0]?.effect).toBeGreaterThan(0.5);
    expect(sliders.at(-1)?.effect).toBe(0);
  });

  it("has both ends of every mode as a little mask", () => {
    expect(state().modes?.value.every(({ minus, plus }) => minus.length === 576 && plus.length === 576)).toBe(true);
  });

  it("moves along one mode and leaves the others where they are", () => {
    const sliders = slidersOf(state());
    const [first, second] = [sliders[0] as (typeof sliders)[number], sliders[1] as (typeof sliders)[number]];
    explorer.actions.moveTo([{ direction: second, at: -1 }]);
    explorer.actions.moveTo([{ direction: first, at: 2 }]);
    const sigma = sigmaOf(state()) as Float32Array;
    expect(along(first, sigma)).toBeCloseTo(2, 4);
    expect(along(second, sigma)).toBeCloseTo(-1, 4);
  });

  it("can be turned by the model's own axes all the same", () => {
    explorer.actions.setSliders("axes");
    expect(slidersOf(state()).map(({ name }) => name)[0]).toBe("z2");
  });
});

describe("local fields", () => {
  const areas = async () => {
    await until(() => !isBusy(state()));
    return sampleAreas(state());
  };

  it("change the samples, and not at strength 0", async () => {
    const trained = await areas();
    explorer.actions.setFieldStrength(0);
    const off = await areas();
    expect(off).not.toEqual(trained);
    explorer.actions.setFieldStrength(1);
    expect(await areas()).toEqual(trained);
  });

  it("can be frozen: another seed draws z anew and keeps the fields", async () => {
    await areas();
    explorer.actions.setFrozen(true);
    explorer.actions.setSeed(9);
    await areas();
    const frozen = state().drawn?.value.draws[0];
    explorer.actions.setFrozen(false);
    explorer.actions.setSeed(0);
    await areas();
    const first = state().drawn?.value.draws[0];
    expect(frozen?.fields).toEqual(first?.fields);
    expect(frozen?.z).not.toEqual(first?.z);
  });

  it("stay under the hand that moves a sample's z", async () => {
    explorer.actions.chooseSample(3);
    const [first] = slidersOf(state());
    if (first) explorer.actions.moveTo([{ direction: first, at: 0.5 }]);
    expect(state().intent.z.source).toMatchObject({ kind: "hand", fields: 3 });
  });

  it("of a grader lie under that grader's z, and stay under the hand that moves it", async () => {
    explorer.actions.asGrader(0);
    await until(() => !isBusy(state()));
    const found = posteriorOf(state(), 0)?.fields?.mean;
    expect(found?.[0]?.some((value) => value !== 0)).toBe(true);
    expect(currentDraw(state())?.fields).toEqual(found);
    const [first] = slidersOf(state());
    if (first) explorer.actions.moveTo([{ direction: first, at: 0.5 }]);
    await until(() => !isBusy(state()));
    expect(currentDraw(state())?.fields).toEqual(found);
    explorer.actions.setFieldStrength(0.5);
    expect(currentDraw(state())?.fields?.[0]).toEqual(found?.[0]?.map((value) => value / 2));
  });

  it("between two graders are as far on the way as z is", async () => {
    const wave = async () => {
      await until(() => !isBusy(state()));
      return currentDraw(state())?.fields?.[0]?.[0] as number;
    };
    explorer.actions.asGrader(0);
    const from = await wave();
    explorer.actions.asGrader(1);
    const to = await wave();
    expect(from).not.toBeCloseTo(to, 2);
    explorer.actions.between(0, 1, 0.25);
    expect(await wave()).toBeCloseTo(0.75 * from + 0.25 * to, 5);
  });

  it("are awaited where a link names a grader whose place is not found yet; of nobody there are none", async () => {
    explorer.actions.asGrader(0);
    await until(() => !isBusy(state()));
    const sigma = Array.from(sigmaOf(state()) as Float32Array);
    const of = (from: number) => ({ kind: "hand" as const, sigma, fields: { from, to: from, share: 0 } });
    const under = (from: number, posteriors = state().posteriors) =>
      fieldsUnder({ ...state(), posteriors, intent: { ...state().intent, z: { source: of(from), locks: {} } } });
    expect(under(0, {})).toBe("waiting");
    expect(under(0)).toEqual(posteriorOf(state(), 0)?.fields?.mean);
    expect(under(9, {})).toBeNull();
  });

  it("leave in the session with z, and come back with it", async () => {
    explorer.actions.asGrader(0);
    await until(() => !isBusy(state()));
    const [before, session] = [currentDraw(state()), sessionOf(state(), APP, "now")];
    expect(session?.choice.fields?.map((text) => gridFromText(text))).toEqual(before?.fields);
    const { z } = intentOfSession(session as Session);
    explorer.store.settle((intent) => ({ ...intent, z: z as typeof intent.z }));
    await until(() => !isBusy(state()));
    expect(currentDraw(state())?.fields).toEqual(before?.fields);
    expect(currentDraw(state())?.z).toEqual(before?.z);
    explorer.actions.moveTo([]); // by hand from there: they stay
    await until(() => !isBusy(state()));
    expect(currentDraw(state())?.fields).toEqual(before?.fields);
    explorer.actions.priorMean();
    explorer.actions.moveTo([]); // none lie under it, and the session says so
    await until(() => !isBusy(state()));
    expect(sessionOf(state(), APP, "now")?.choice.fields).toEqual([]);
  });
});

describe("the effect of a slider", () => {
  const here = async () => {
    await until(() => state().effects !== null && state().effects?.key === effectsKey(state()));
    return effectsHere(state()) as Readonly<Record<string, number>>;
  };

  it("is measured about the z on the sliders: what does nothing at one z may do something at another", async () => {
    const [first, second] = slidersOf(state()) as [Axis, Axis];
    const atMean = await here();
    expect(atMean[first.name]).toBeCloseTo(first.effect, 6);
    expect(movesHere(first, atMean)).toBe(true);
    // the lesion is made to vanish: then nothing moves its outline
    explorer.actions.moveTo([{ direction: first, at: -4 }]);
    const gone = await here();
    expect(gone[second.name]).toBe(0);
    expect(movesHere(second, gone)).toBe(false);
    expect(gone[first.name]).toBeCloseTo(atMean[first.name] as number, 6); // from −2 to +2 all the same
  });

  it("is not known while nothing is measured", () => {
    expect(movesHere(slidersOf(state())[0] as Axis, null)).toBeNull();
  });
});
