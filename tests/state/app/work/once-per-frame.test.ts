import { expect, it } from "vitest";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import { OncePerFrame } from "../../../../src/state/app/work/once-per-frame.ts";
import { turns } from "../../../support/until.ts";

/** Frames and runs end when the test says so; `wish` is what is wanted until it was done. */
function scene() {
  let clock = 1000;
  let wish: string | null = null;
  const frames: (() => void)[] = [];
  const runs: { key: string; end(error?: unknown): void }[] = [];
  const done: string[] = [];
  const work = new OncePerFrame(
    { now: () => clock, frame: (callback) => void frames.push(callback) },
    () => (wish !== null && done.includes(wish) ? null : wish),
    (key) =>
      new Promise((resolve, reject) => {
        const end = (error?: unknown) => {
          if (!error) done.push(key);
          if (error) reject(error);
          else resolve();
        };
        runs.push({ key, end });
      }),
  );
  return {
    ...{ work, frames, runs },
    want: (key: string | null) => {
      wish = key;
      work.follow();
    },
    pass: (milliseconds: number) => {
      clock += milliseconds;
    },
    keys: () => runs.map(({ key }) => key),
  };
}

it("does the first at once, and what follows within the frame at the next one", async () => {
  const { want, pass, runs, frames, keys } = scene();
  want("a");
  await turns(1);
  runs[0]?.end();
  await turns(1);
  pass(5);
  want("b");
  want("c");
  await turns(2);
  expect([keys(), frames.length]).toEqual([["a"], 1]);
  frames[0]?.();
  expect(keys()).toEqual(["a", "c"]); // b is not wanted any more
  runs[1]?.end();
  await turns(1);
  pass(15);
  want("d");
  await turns(1);
  expect([keys(), frames.length]).toEqual([["a", "c", "d"], 1]); // a frame later: at once again
});

it("does one at a time, and afterwards only what is wanted last", async () => {
  const { want, pass, runs, keys } = scene();
  want("a");
  await turns(1);
  pass(100);
  for (const key of ["b", "c", "d"]) want(key);
  await turns(2);
  expect(keys()).toEqual(["a"]);
  runs[0]?.end();
  await turns(2);
  expect(keys()).toEqual(["a", "d"]);
});

it("does nothing where nothing is wanted, or not any more when its turn comes", async () => {
  const { want, work, keys } = scene();
  work.follow();
  want("a");
  want(null);
  await turns(2);
  expect(keys()).toEqual([]);
});

it("does not try again what failed until it is forgiven; what was aborted it does", async () => {
  const { want, work, pass, runs, keys } = scene();
  want("a");
  await turns(1);
  pass(100);
  runs[0]?.end(new Error("no memory"));
  await turns(2);
  work.follow();
  await turns(2);
  expect(keys()).toEqual(["a"]);
  work.retry();
  work.follow();
  await turns(1);
  pass(100);
  runs[1]?.end(new GraderspaceError("Aborted", { problem: "another one" }));
  await turns(2);
  expect(keys()).toEqual(["a", "a", "a"]);
});
