import { afterEach, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { inEnglish } from "../../../src/core/language/say.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { insidesFailed, insidesOnScreen } from "../../../src/state/learn/levels-on-screen.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
let ports: FakePorts;
const state = () => explorer.store.getState();
const looked = () => ports.fake.calls.inside;
const still = () => until(() => !isBusy(state()) && Object.keys(state().jobs).length === 0);

async function open(hash = ""): Promise<void> {
  ports = fakePorts(async () => new Uint8Array());
  explorer = createExplorer(ports, fakeLibrary(), hash);
  await explorer.runs.fetch();
  await until(() => !isBusy(state()));
}

afterEach(() => explorer.dispose());

it("nobody looks inside the network until it is shown how it works", async () => {
  await open();
  await still();
  expect([looked(), insidesOnScreen(state())]).toEqual([0, null]);
  explorer.actions.show("train");
  await still();
  expect(looked()).toBe(0);
  explorer.actions.show("learn");
  await until(() => insidesOnScreen(state()) !== null);
  expect(looked()).toBe(1);
});

it("a region is looked into once, whatever z does and wherever one has been meanwhile", async () => {
  await open("#view=learn");
  await until(() => insidesOnScreen(state()) !== null);
  const first = insidesOnScreen(state());
  explorer.actions.moveTo([{ direction: { vector: Float32Array.of(1, 0, 0, 0, 0, 0) }, at: 2 }]);
  await still();
  explorer.actions.show("explorer");
  explorer.actions.show("learn");
  await still();
  expect(insidesOnScreen(state())).toBe(first);
  expect(looked()).toBe(1);
});

it("another region or model is looked into anew, and what was made of the one before is not shown", async () => {
  await open("#view=learn");
  await until(() => insidesOnScreen(state()) !== null);
  explorer.actions.setRegion(70, 70);
  expect(insidesOnScreen(state())).toBeNull();
  await until(() => insidesOnScreen(state()) !== null);
  explorer.actions.setModel("fake-fields");
  await until(() => insidesOnScreen(state()) !== null && state().model?.key === "fake-fields");
  expect(looked()).toBe(3);
});

it("there is nothing to look into where every sample is a pass of its own", async () => {
  await open("#view=learn&model=fake-m-heads");
  await still();
  expect([looked(), insidesOnScreen(state()), state().failures.inside]).toEqual([0, null, undefined]);
});

it("what failed is told, and tried again when the person asks for it", async () => {
  await open();
  ports.fake.fail.inside = new GraderspaceError("OutOfMemory", { problem: "the memory is full" });
  explorer.actions.show("learn");
  await until(() => state().failures.inside !== undefined);
  expect(inEnglish(state().notices.at(-1)?.text ?? "")).toContain("The memory is full");
  await still();
  expect(looked()).toBe(1);
  delete ports.fake.fail.inside;
  explorer.actions.retry();
  await until(() => insidesOnScreen(state()) !== null);
  expect(state().failures.inside).toBeUndefined();
});

it("who does not want to wait cancels it", async () => {
  await open();
  explorer.actions.show("learn");
  explorer.actions.cancel("inside");
  await still();
  expect(insidesOnScreen(state())).toBeNull();
  expect(state().failures.inside?.error.tag).toBe("Aborted");
  expect(insidesFailed(state())).toBe(true);
  explorer.actions.setRegion(70, 70); // of another region nothing has failed
  expect(insidesFailed(state())).toBe(false);
});
