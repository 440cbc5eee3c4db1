import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import { openZip } from "../../../../src/io/bytes/zip.ts";
import { writePack } from "../../../../src/io/pack/pack-write.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { createLibrary } from "../../../../src/state/cases/library.ts";
import { type KeptTeachings, teachingsInMemory } from "../../../../src/state/evaluate/teach/kept-teachings.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { FakeTeaching } from "../../../support/fake-teaching.ts";
import { KeptInMemory } from "../../../support/kept-in-memory.ts";
import { runsOf } from "../../../support/runs-of.ts";
import { teachPack } from "../../../support/teach-pack.ts";
import { tinyCases } from "../../../support/tiny-pack.ts";
import { turns, until } from "../../../support/until.ts";

const examples = writePack("Examples", "", tinyCases());
let explorer: Explorer;
let teachers: FakeTeaching[] = [];
let change = -0.1;
let kept: KeptTeachings;
let machine: KeptInMemory;
const state = () => runsOf(explorer).teaching.store.getState();
const teacher = () => teachers.at(-1) as FakeTeaching;

beforeEach(async () => {
  change = -0.1;
  kept = teachingsInMemory();
  machine = new KeptInMemory();
  await openPage();
  await explorer.actions.openFiles([new File([teachPack(9)], "balls.zip")]);
  explorer.actions.show("teach");
  await chosen();
});
afterEach(() => explorer.dispose());

/** As after a reload: what the browser keeps is there, and nothing else. */
async function openPage(): Promise<void> {
  explorer?.dispose();
  teachers = [];
  const ports = fakePorts(async (path) => examples[path] as Uint8Array);
  ports.fake.fail.encode = new GraderspaceError("DeviceLost", { problem: "the explorer rests" });
  const teacher = async () => {
    teachers.push(new FakeTeaching(change));
    return teachers.at(-1) as FakeTeaching;
  };
  explorer = createExplorer(
    { ...ports, kept: machine.tab(), teacher, teachings: async () => kept },
    createLibrary(ports),
  );
  await explorer.runs.fetch();
  await until(() => explorer.store.getState().intent.caseId !== null);
}

const chosen = () => until(() => runsOf(explorer).evaluation.store.getState().pack?.cases.length === 9);

const done = () => until(() => state().taught !== null || state().stopped !== null);

describe("teaching in the page", () => {
  it("hands over every case with its patient, and shows folds and figures as they come", async () => {
    runsOf(explorer).teaching.start();
    expect(explorer.store.getState().jobs.teach).toBeDefined();
    await done();
    expect(teacher().crops.length).toBe(9);
    expect(teacher().patients).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => `p${k}`));
    expect(teacher().crops[0]?.size).toBe(128);
    expect(state()).toMatchObject({ stage: "idle", share: 1, runsOn: "fake", folds: [{ fold: 0 }, { fold: 1 }] });
    expect(state().taught?.verdict.figures.ged2.change.mean).toBeCloseTo(-0.1, 9);
    expect(explorer.store.getState().jobs.teach).toBeUndefined();
  });

  it("asks for no more while it is paused, and goes on", async () => {
    runsOf(explorer).teaching.start();
    await until(() => teacher()?.asked.includes("advance"));
    runsOf(explorer).teaching.pause();
    await turns(5);
    const asked = teacher().asked.length;
    await turns(20);
    expect(teacher().asked.length).toBe(asked);
    expect(state().stage).toBe("paused");
    runsOf(explorer).teaching.resume();
    await done();
    expect(state().folds.length).toBe(2);
  });

  it("loses no case where it is paused and gone on with while cases are read", async () => {
    runsOf(explorer).teaching.start();
    await until(() => (teacher()?.crops.length ?? 0) > 0);
    runsOf(explorer).teaching.pause();
    runsOf(explorer).teaching.resume();
    await done();
    expect(teacher().crops.length).toBe(9);
    expect(state().stopped).toBeNull();
  });

  it("leaves nothing behind when it is cancelled", async () => {
    runsOf(explorer).teaching.start();
    await until(() => teacher()?.asked.includes("advance"));
    explorer.actions.cancel("teach");
    expect(teacher().disposed).toBe(true);
    await turns(10);
    expect(state()).toMatchObject({ stage: "idle", asked: null, folds: [], taught: null });
  });

  it("puts what was taught into the menu of models under the pack's name, and takes it out again", async () => {
    const parent = explorer.store.getState().intent.model;
    runsOf(explorer).teaching.start();
    await done();
    const { name, bytes } = await runsOf(explorer).teaching.saved();
    expect(name).toBe("fake-balls-to-learn.zip");
    expect(openZip(bytes, name).map((entry) => entry.name)).toEqual([
      "fake-balls-to-learn/config.json",
      "fake-balls-to-learn/README.md",
      "fake-balls-to-learn/weights.safetensors",
    ]);
    await runsOf(explorer).keepTaught();
    expect(state().keptAs).toBe("fake-balls-to-learn");
    const names = () => explorer.store.getState().models.map((model) => model.name);
    expect(names()).toContain("fake-balls-to-learn");
    expect(explorer.store.getState().intent.model).toBe("fake-balls-to-learn");
    runsOf(explorer).forgetTaught();
    expect(names()).not.toContain("fake-balls-to-learn");
    expect(explorer.store.getState().intent.model).toBe(parent);
    expect(state().taught).toBeNull();
  });

  it("offers nothing where there was no gain", async () => {
    change = 0.05;
    runsOf(explorer).teaching.start();
    await done();
    expect(state().taught?.retouch).toBeNull();
  });

  it("says what is the matter where the worker fails, and can be started again", async () => {
    runsOf(explorer).teaching.start();
    await until(() => teacher()?.asked.includes("start"));
    teacher().failing = new GraderspaceError("BadArgument", { problem: "the head cannot be taught" });
    await done();
    expect(state().stopped?.facts.problem).toBe("the head cannot be taught");
    expect(teacher().disposed).toBe(true);
    runsOf(explorer).teaching.start();
    await done();
    expect(state().stopped).toBeNull();
    expect(state().taught).not.toBeNull();
  });
});

describe("a teaching that a reload interrupts", () => {
  const recorded = async (folds: number) => {
    for (let turn = 0; turn < 100 && (await kept.all())[0]?.records.length !== folds; turn++) await turns(1);
    expect((await kept.all())[0]?.records.length).toBe(folds);
  };
  /** Paused behind the first of two folds. */
  const oneFold = async () => {
    const { teaching } = runsOf(explorer);
    const stop = teaching.store.subscribe(({ folds }) => {
      if (folds.length !== 1) return;
      stop();
      teaching.pause();
    });
    teaching.start();
    await until(() => state().stage === "paused");
    await recorded(1);
  };

  it("is offered before its pack is open, and goes on behind the folds that were finished", async () => {
    await oneFold();
    await until(() => explorer.store.getState().onMachine.openings.length === 1);
    await openPage();
    explorer.actions.show("teach");
    await until(() => state().elsewhere.length === 1);
    expect(state().elsewhere[0]).toMatchObject({ done: 1, folding: 5, opening: { title: "Balls to learn" } });
    expect(await explorer.actions.reopenKept(state().elsewhere[0]?.opening.id ?? "")).toBe(true);
    await chosen();
    await until(() => state().keptFolds === 1);
    expect(state().elsewhere).toEqual([]);
    runsOf(explorer).teaching.start();
    await until(() => teacher()?.asked.includes("start"));
    expect(teacher().known.map(({ result }) => result.fold)).toEqual([0]);
    await done();
  });

  it("is another run where something else learns: of that one nothing is kept", async () => {
    await oneFold();
    runsOf(explorer).teaching.dispose();
    await openPage();
    await explorer.actions.openFiles([new File([teachPack(9)], "balls.zip")]);
    explorer.actions.show("teach");
    await chosen();
    await until(() => state().keptFolds === 1);
    runsOf(explorer).teaching.reach("block");
    await until(() => state().keptFolds === 0);
    runsOf(explorer).teaching.start();
    await until(() => teacher()?.asked.includes("start"));
    expect(teacher().settings?.depth).toBe("block");
    expect(teacher().known).toEqual([]);
  });

  it("comes back with what learnt in it, where nothing else was chosen by hand", async () => {
    runsOf(explorer).teaching.reach("block");
    await oneFold();
    await openPage();
    await explorer.actions.openFiles([new File([teachPack(9)], "balls.zip")]);
    explorer.actions.show("teach");
    await chosen();
    await until(() => state().keptFolds === 1);
    expect(state().depth).toBe("block");
  });

  it("is begun anew where that is asked for, and forgotten where it is cancelled", async () => {
    await oneFold();
    await openPage();
    await explorer.actions.openFiles([new File([teachPack(9)], "balls.zip")]);
    explorer.actions.show("teach");
    await chosen();
    await until(() => state().keptFolds === 1);
    await runsOf(explorer).teaching.startOver();
    await until(() => teacher()?.asked.includes("advance"));
    expect(teacher().known).toEqual([]);
    explorer.actions.cancel("teach");
    await until(() => state().keptFolds === 0);
    await turns(5);
    expect(await kept.all()).toEqual([]);
  });

  it("is said to be lost where the browser keeps nothing", async () => {
    kept = { ...kept, keep: () => Promise.reject(new Error("no room")) };
    await openPage();
    await explorer.actions.openFiles([new File([teachPack(9)], "balls.zip")]);
    explorer.actions.show("teach");
    await chosen();
    runsOf(explorer).teaching.start();
    await until(() => state().keepsNothing);
    await done();
    expect(state().folds.length).toBe(2);
  });
});
