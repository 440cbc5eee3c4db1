import { afterEach, expect, test, vi } from "vitest";
import { LIVE, watchLifeline } from "../../../src/engine/calls/lifeline.ts";

afterEach(() => vi.unstubAllGlobals());

/** Web Locks as far as they are used: one holder a name, who is asked to come in turn. `kill` is a holder's death. */
function locks() {
  const queues = new Map<string, (() => unknown)[]>();
  const request = (name: string, ...rest: unknown[]) => {
    const enter = rest.at(-1) as () => unknown;
    const queue = queues.get(name) ?? [];
    queues.set(name, queue);
    queue.push(enter);
    if (queue.length === 1) enter();
    return new Promise<void>(() => undefined);
  };
  const kill = (name: string) => {
    const queue = queues.get(name) ?? [];
    queue.shift();
    queue[0]?.();
  };
  return { request, kill };
}

test("who watches a line hears of its holder's death, and of nothing before", async () => {
  const { request, kill } = locks();
  vi.stubGlobal("navigator", { locks: { request } });
  await LIVE.run(["worker 1"], {});
  const died = vi.fn();
  expect(watchLifeline("worker 1", died)).not.toBeNull();
  expect(died).not.toHaveBeenCalled();
  kill("worker 1");
  expect(died).toHaveBeenCalledOnce();
});

test("without Web Locks nothing is held, and the watcher is told so", async () => {
  vi.stubGlobal("navigator", {});
  await LIVE.run(["worker 1"], {});
  expect(watchLifeline("worker 1", () => undefined)).toBeNull();
});
