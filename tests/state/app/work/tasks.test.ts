import { beforeEach, expect, it } from "vitest";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import { createExplorerStore, type ExplorerStore } from "../../../../src/state/app/store.ts";
import { endJob, forgive, hideJob, showJob } from "../../../../src/state/app/work/tasks.ts";

let store: ExplorerStore;
const state = () => store.getState();
const error = new GraderspaceError("DeviceLost", { problem: "it is gone" });

beforeEach(() => {
  store = createExplorerStore(() => 0);
});

it("a job is shown with its progress, beside others, until it is hidden", () => {
  showJob(store, "model", { progress: null, what: "Loading" });
  showJob(store, "plane", { progress: 0.5, what: "Filling" });
  expect(state().jobs).toEqual({
    model: { progress: null, what: "Loading" },
    plane: { progress: 0.5, what: "Filling" },
  });
  hideJob(store, "model");
  expect(Object.keys(state().jobs)).toEqual(["plane"]);
  const before = state();
  hideJob(store, "encode"); // which does not run
  expect(state().jobs).toBe(before.jobs);
});

it("one that ends badly leaves its failure, for the inputs it was about", () => {
  showJob(store, "encode", { progress: null, what: "Looking" });
  endJob(store, "encode", { key: "a", error });
  expect(state().jobs).toEqual({});
  expect(state().failures).toMatchObject({ encode: { key: "a", error: { tag: "DeviceLost" } } });
});

it("a failure is made good by the next end without one, or forgiven, and the others' stay", () => {
  for (const job of ["encode", "model", "plane"] as const) endJob(store, job, { key: "a", error });
  endJob(store, "encode", null);
  forgive(store, "model");
  expect(Object.keys(state().failures)).toEqual(["plane"]);
  const before = state().failures;
  forgive(store, "model"); // nothing is left to forgive
  expect(state().failures).toBe(before);
});
