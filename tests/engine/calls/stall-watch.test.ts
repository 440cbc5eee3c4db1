import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchForStall } from "../../../src/engine/calls/stall-watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** One beat a second, for so many seconds. */
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(1000 * seconds);

test("a worker that answers each beat is never taken for stalled, however long it is watched", async () => {
  const stalled = vi.fn();
  const beat = vi.fn(async () => undefined);
  const stop = watchForStall({ beat, beats: 2, stalled });
  await pass(100);
  expect(beat).toHaveBeenCalledTimes(100);
  expect(stalled).not.toHaveBeenCalled();
  stop();
});

test("silence of as many beats as are allowed is a stall: asked at 1 s, silent at 2, 3 and 4 s", async () => {
  const stalled = vi.fn();
  const stop = watchForStall({ beat: () => new Promise(() => undefined), beats: 3, stalled });
  await pass(3);
  expect(stalled).not.toHaveBeenCalled();
  await pass(1);
  expect(stalled).toHaveBeenCalledOnce();
  stop();
});

test("an answer in time begins the count anew, and a late one of a worker that was replaced does not count for its successor", async () => {
  const answers: (() => void)[] = [];
  const stalled = vi.fn();
  const stop = watchForStall({ beat: () => new Promise((done) => answers.push(() => done(0))), beats: 3, stalled });
  await pass(3);
  answers[0]?.(); // silent for two beats
  await pass(3); // asked again at 4 s, silent at 5 and 6 s
  expect(stalled).not.toHaveBeenCalled();
  await pass(1);
  expect(stalled).toHaveBeenCalledOnce();
  await pass(1); // the successor is asked
  answers[1]?.();
  await pass(3);
  expect(stalled).toHaveBeenCalledTimes(2);
  stop();
});

test("an error is an answer, and a watch that was stopped asks nothing more", async () => {
  const stalled = vi.fn();
  const beat = vi.fn(() => Promise.reject(new Error("closed")));
  const stop = watchForStall({ beat, beats: 1, stalled });
  await pass(5);
  stop();
  await pass(5);
  expect([stalled.mock.calls.length, beat.mock.calls.length]).toEqual([0, 5]);
});
