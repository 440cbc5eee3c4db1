import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ModelConfig } from "../../../src/core/config/model-config.ts";
import { limitRuns } from "../../../src/engine/calls/run-limit.ts";
import type { Supervisor } from "../../../src/engine/calls/supervisor.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A worker that never answers. */
function mute() {
  const caller = { closed: false, call: vi.fn(() => new Promise(() => undefined)) };
  return { caller, giveUp: vi.fn() };
}

const supervised = (worker: ReturnType<typeof mute>) => worker as unknown as Supervisor;

test("a network in ONNX has the seconds of its config, and is named where they are over", async () => {
  const worker = mute();
  limitRuns(supervised(worker), { name: "mine", onnx: { runSeconds: 5 } } as ModelConfig);
  await vi.advanceTimersByTimeAsync(5000); // asked after the first
  expect(worker.giveUp).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect(worker.giveUp.mock.calls[0]?.[0].message).toMatch(/^mine: it computed for 5 s without an answer/);
});

test("a worker that was stopped is watched no longer, and another network not at all", async () => {
  const [stopped, other] = [mute(), mute()];
  limitRuns(supervised(stopped), { name: "mine", onnx: { runSeconds: 5 } } as ModelConfig);
  stopped.caller.closed = true;
  limitRuns(supervised(other), { name: "ours" } as ModelConfig);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(
    [stopped.giveUp, other.giveUp, other.caller.call, stopped.caller.call].map((f) => f.mock.calls.length),
  ).toEqual([0, 0, 0, 0]);
});
