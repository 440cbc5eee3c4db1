import { beforeEach, expect, it } from "vitest";
import type { CaseId } from "../../../src/state/app/identity.ts";
import { createExplorerStore, type ExplorerStore } from "../../../src/state/app/store.ts";

let clock: number;
let store: ExplorerStore;
const seed = () => store.getState().intent.seed;
const setSeed = (value: number, gesture: string | null = null) =>
  store.want((intent) => ({ ...intent, seed: value }), gesture);

beforeEach(() => {
  clock = 0;
  store = createExplorerStore(() => clock);
});

it("each wish is a step back, and forth again", () => {
  setSeed(1);
  setSeed(2);
  store.undo();
  expect(seed()).toBe(1);
  store.undo();
  expect(seed()).toBe(0);
  store.redo();
  expect(seed()).toBe(1);
});

it("moves of one gesture less than 800 ms apart are one step", () => {
  for (const value of [1, 2, 3]) {
    setSeed(value, "slider");
    clock += 799;
  }
  store.undo();
  expect(seed()).toBe(0);
});

it("a pause, another gesture, or none ends a step", () => {
  setSeed(1, "slider");
  clock += 800;
  setSeed(2, "slider");
  store.undo();
  expect(seed()).toBe(1);
  setSeed(3, "slider");
  setSeed(4, "plane");
  store.undo();
  expect(seed()).toBe(3);
  setSeed(5);
  setSeed(6);
  store.undo();
  expect(seed()).toBe(5);
});

it("a gesture goes on as a step of its own after a step back, and after one forth", () => {
  setSeed(1, "slider");
  store.undo();
  setSeed(2, "slider");
  store.undo();
  expect(seed()).toBe(0);
  store.redo();
  setSeed(3, "slider");
  store.undo();
  expect(seed()).toBe(2);
});

it("what the page does by itself is no step", () => {
  setSeed(1);
  store.settle((intent) => ({ ...intent, model: "other" }));
  store.undo();
  expect(store.getState().intent).toMatchObject({ seed: 0 });
  expect(store.temporal.getState().futureStates).toHaveLength(1);
});

it("a step leaves zoom and place as they are, on the same case", () => {
  const look = { zoom: 4, x: 10, y: 20 };
  setSeed(1);
  store.settle((intent) => ({ ...intent, view: { ...intent.view, zoom: 2, look } }));
  store.undo();
  expect(store.getState().intent).toMatchObject({ seed: 0, view: { zoom: 2, look } });
  store.redo();
  expect(store.getState().intent).toMatchObject({ seed: 1, view: { zoom: 2, look } });
  expect(store.temporal.getState().pastStates).toHaveLength(1); // to look on is no step of its own
});

it("a step to another case takes that one's zoom", () => {
  store.settle((intent) => ({ ...intent, caseId: "a" as CaseId }));
  store.want((intent) => ({ ...intent, caseId: "b" as CaseId, view: { ...intent.view, zoom: 3 } }));
  store.undo();
  expect(store.getState().intent).toMatchObject({ caseId: "a", view: { zoom: 1 } });
});

it("the history holds 200 steps, of wishes alone", () => {
  for (let value = 1; value <= 230; value++) setSeed(value);
  store.setState({ sheet: "keys" });
  expect(store.temporal.getState().pastStates).toHaveLength(200);
});

it("begins with what it is given", () => {
  expect(createExplorerStore(() => 0, { view: "compare" }).getState()).toMatchObject({ view: "compare", sheet: null });
});

it("work is kept until the person says otherwise, and nothing is asked yet", () => {
  const { onMachine, asking, masksAre, lesionThresholds } = createExplorerStore(() => 0).getState();
  expect(onMachine).toEqual({ refused: false, keeping: true, openings: [] });
  expect({ asking, masksAre, preset: lesionThresholds.preset }).toEqual({
    asking: null,
    masksAre: null,
    preset: "fleischner-2017",
  });
});
