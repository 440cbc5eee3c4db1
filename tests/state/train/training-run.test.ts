import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BREAKAGES } from "../../../src/core/training/breakages.ts";
import { DEFAULT_TRAINING } from "../../../src/core/training/settings.ts";
import { openZip, type ZipEntry } from "../../../src/io/bytes/zip.ts";
import { TrainingRun, titleOf } from "../../../src/state/train/training-run.ts";
import { english } from "../../support/english.ts";
import { FakeTraining } from "../../support/fake-training.ts";
import { turns, until } from "../../support/until.ts";

let ports: FakeTraining[] = [];
let run: TrainingRun;
let clock = 0;
const state = () => run.store.getState();
const asked = () => (ports.at(-1) as FakeTraining).asked;
const idle = () => until(() => !state().working);

beforeEach(() => {
  ports = [];
  clock = 0;
  run = new TrainingRun({
    trainer: async () => {
      ports.push(new FakeTraining());
      return ports.at(-1) as FakeTraining;
    },
    now: () => {
      clock += 50;
      return clock;
    },
  });
  run.store.setState({ recipe: { ...DEFAULT_TRAINING, steps: 30 } });
});
afterEach(() => run.see(false));

describe("the training of the page", () => {
  it("starts nothing before it is seen, then the worker and a first look", async () => {
    run.play();
    run.pause();
    await turns(3);
    expect(ports).toEqual([]);
    run.see(true);
    await idle();
    expect(asked()).toEqual(["start", "look", "peek"]);
    expect(state()).toMatchObject({ step: 0, playing: false, started: { backend: "fake", weights: 7 } });
    expect(state().samples).toHaveLength(2);
  });

  it("takes one step when it is asked for one, and draws the two cases again", async () => {
    run.see(true);
    await idle();
    run.advance();
    await until(() => state().step === 1 && !state().working);
    expect(asked().slice(3)).toEqual(["advance", "peek"]);
    expect(state().curve).toEqual([{ step: 1, crossEntropy: 100, kl: [1, 1, 1] }]);
    expect(state().speed).toBe(1000 / 50);
  });

  it("plays to its last step, looks at the held-out cases on the way and stops", async () => {
    run.see(true);
    run.play();
    await until(() => state().step === 30 && !state().working);
    expect(state().playing).toBe(false);
    expect(state().heldOut.map(({ step }) => step)).toEqual([0, 25, 30]);
    expect(state().curve).toHaveLength(30);
  });

  it("stands still while nobody sees it, and goes on where it was", async () => {
    run.see(true);
    run.play();
    await until(() => state().step === 3);
    run.see(false);
    await idle();
    const { step } = state();
    await turns(5);
    expect(state().step).toBe(step);
    expect(state().playing).toBe(true);
    run.see(true);
    await until(() => state().step > step);
  });

  it("begins anew with other settings, drops what the old ones still answer, and remembers their GED²", async () => {
    run.see(true);
    run.play();
    await until(() => state().step >= 26);
    run.pause();
    await idle();
    const { heldOut } = state();
    run.change({ beta: 200 });
    expect(english(state())).toMatchObject({ step: 0, curve: [], heldOut: [], before: { title: "β 1", heldOut } });
    await idle();
    expect((ports.at(-1) as FakeTraining).settings?.beta).toBe(200);
    expect(state().heldOut.map(({ step }) => step)).toEqual([0]);
    run.advance();
    await until(() => state().step === 1);
    expect(state().curve[0]?.kl).toEqual([200, 200, 200]);
  });

  it("goes back to the last look before, then to the one before that, and stands still", async () => {
    run.see(true);
    run.play();
    await until(() => state().step >= 27);
    run.back();
    await idle();
    expect(asked().filter((what) => what.startsWith("back"))).toEqual(["back 25"]);
    expect(state()).toMatchObject({ step: 25, playing: false });
    expect(state().curve.at(-1)?.step).toBe(25);
    run.back();
    await idle();
    expect(state()).toMatchObject({ step: 0, curve: [] });
    expect(state().heldOut.map(({ step }) => step)).toEqual([0]);
    run.back(); // there is nothing before
    await idle();
    expect(state().step).toBe(0);
  });

  it("begins anew where it has come to its end", async () => {
    run.store.setState({ recipe: { ...DEFAULT_TRAINING, steps: 2 } });
    run.see(true);
    run.play();
    await until(() => state().step === 2 && !state().working);
    run.play();
    await until(() => state().step === 2 && !state().working);
    expect(asked().filter((what) => what === "start")).toHaveLength(2);
  });

  it("says what went wrong, and gets a new worker at the next beginning", async () => {
    run.see(true);
    await idle();
    (ports[0] as FakeTraining).failing = new Error("out of memory");
    run.play();
    await until(() => state().error !== null);
    expect(state()).toMatchObject({ playing: false, error: { facts: { problem: "out of memory" } } });
    expect((ports[0] as FakeTraining).disposed).toBe(true);
    run.restart();
    await idle();
    expect(state().error).toBeNull();
    expect(ports).toHaveLength(2);
  });

  it("saves a model folder as a zip, named by its step", async () => {
    run.see(true);
    await idle();
    run.advance();
    await idle();
    const { name, bytes } = await run.saved();
    expect(name).toBe("simulated-step-1.zip");
    expect(openZip(bytes, name).map((entry) => entry.name)).toEqual([
      "simulated-step-1/config.json",
      "simulated-step-1/weights.safetensors",
    ]);
    const config = async (zip: Uint8Array) =>
      JSON.parse(new TextDecoder().decode(await (openZip(zip, name)[0] as ZipEntry).read()));
    expect((await config(bytes)).preprocessing.size).toBe(32);
    expect((await config((await run.saved(128)).bytes)).preprocessing.size).toBe(128); // as the explorer shows it
  });

  it("tells runs apart in the legend by what was broken", () => {
    const titles = BREAKAGES.map(({ change }) => english(titleOf({ ...DEFAULT_TRAINING, ...change })));
    expect(titles).toEqual(["β 200", "β 1, mean", "β 1, grader 2 only"]);
    expect(english(titleOf({ ...DEFAULT_TRAINING, latent: false }))).toBe("without z");
  });
});
