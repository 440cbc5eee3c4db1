import { beforeEach, expect, it } from "vitest";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import type { Task } from "../../../../src/core/network/encoding.ts";
import { createExplorerStore, type ExplorerStore } from "../../../../src/state/app/store.ts";
import { KeyedTask } from "../../../../src/state/app/work/keyed-task.ts";

let store: ExplorerStore;
let task: KeyedTask;
let begun: string[];
/** Ends of the runs, by their keys. */
let ends: Record<string, { done(): void; fail(error: unknown): void; task: Task; say(what: string): void }>;

beforeEach(() => {
  store = createExplorerStore(() => 0);
  task = new KeyedTask(store, "encode", "Looking");
  begun = [];
  ends = {};
});

function want(key: string | null, have?: string): void {
  task.want(key, have, (running, say) => {
    begun.push(key as string);
    return new Promise<void>((done, fail) => {
      ends[key as string] = { done, fail, task: running, say };
    });
  });
}
const job = () => store.getState().jobs.encode;
const failure = () => store.getState().failures.encode;
const settle = async () => void (await new Promise((resolve) => setTimeout(resolve)));

it("what is there, or cannot be done yet, is not begun; what is under way not twice", () => {
  want(null);
  want("a", "a");
  expect(begun).toEqual([]);
  want("a");
  want("a");
  want("a", "b");
  expect(begun).toEqual(["a"]);
});

it("shows what it does and how far it is, by the names that it says", () => {
  want("a");
  expect(job()).toEqual({ progress: null, what: "Looking" });
  ends["a"]?.task.onProgress?.(0.25);
  expect(job()).toEqual({ progress: 0.25, what: "Looking" });
  ends["a"]?.say("Looking closer");
  expect(job()).toEqual({ progress: null, what: "Looking closer" });
});

it("another key ends the run before it, whose late word changes nothing", async () => {
  want("a");
  want("b");
  expect([begun, ends["a"]?.task.signal?.aborted, ends["b"]?.task.signal?.aborted]).toEqual([["a", "b"], true, false]);
  ends["a"]?.task.onProgress?.(0.9);
  ends["a"]?.fail(new Error("late"));
  await settle();
  expect([job(), failure()]).toEqual([{ progress: null, what: "Looking" }, undefined]);
  want(null); // nothing is wanted any more
  expect([job(), ends["b"]?.task.signal?.aborted]).toEqual([undefined, true]);
});

it("one that ends is gone, and is done again where it is wanted again", async () => {
  want("a");
  ends["a"]?.done();
  await settle();
  expect(job()).toBeUndefined();
  want("a");
  expect(begun).toEqual(["a", "a"]);
});

it("what failed is told and not tried again, until it is forgiven; other keys are", async () => {
  want("a");
  ends["a"]?.fail(new GraderspaceError("DeviceLost", { problem: "gone" }));
  await settle();
  expect(failure()).toMatchObject({ key: "a", error: { tag: "DeviceLost" } });
  expect([task.hasFailed("a"), task.hasFailed("b")]).toEqual([true, false]);
  want("a");
  want("b");
  expect(begun).toEqual(["a", "b"]);
  task.retry();
  expect([task.hasFailed("a"), failure()]).toEqual([false, undefined]);
  want("a");
  expect(begun).toEqual(["a", "b", "a"]);
});

it("what was aborted from within is no failure", async () => {
  want("a");
  ends["a"]?.fail(new GraderspaceError("Aborted", { problem: "closed" }));
  await settle();
  expect([failure(), task.hasFailed("a")]).toEqual([undefined, false]);
});

it("what the person cancels is left as unfinished, and waits for another word", () => {
  task.cancel(); // nothing runs
  expect(failure()).toBeUndefined();
  want("a");
  task.cancel();
  expect([job(), ends["a"]?.task.signal?.aborted]).toEqual([undefined, true]);
  expect(failure()).toMatchObject({ key: "a", error: { tag: "Aborted" } });
  want("a");
  expect(begun).toEqual(["a"]);
});

it("stopped, it shows nothing and remembers no failure", () => {
  want("a");
  task.stop();
  expect([job(), failure(), task.hasFailed("a")]).toEqual([undefined, undefined, false]);
});
