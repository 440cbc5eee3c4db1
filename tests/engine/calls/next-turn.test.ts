import { expect, test, vi } from "vitest";
import { nextTurn, pausing } from "../../../src/engine/calls/next-turn.ts";

test("a turn lets a message that waits come in, with and without Node's own way", async () => {
  for (const immediate of [globalThis.setImmediate, undefined]) {
    vi.stubGlobal("setImmediate", immediate);
    const { port1, port2 } = new MessageChannel();
    const came = new Promise((resolve) => {
      port1.onmessage = resolve;
    });
    port2.postMessage("abort");
    await nextTurn();
    await came;
    port1.close();
    vi.unstubAllGlobals();
  }
});

test("a pause gives way once twelve milliseconds of work have gone by, and then again after as many", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const turns = vi.fn((callback: () => void) => callback());
  vi.stubGlobal("setImmediate", turns);
  const pause = pausing();
  for (const [milliseconds, count] of [
    [12, 0],
    [1, 1],
    [12, 1],
    [1, 2],
  ] as const) {
    vi.advanceTimersByTime(milliseconds);
    await pause();
    expect(turns).toHaveBeenCalledTimes(count);
  }
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
