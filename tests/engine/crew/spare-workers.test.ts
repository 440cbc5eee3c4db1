import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Supervisor } from "../../../src/engine/calls/supervisor.ts";
import { SpareWorkers } from "../../../src/engine/crew/spare-workers.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function scene(keep: number) {
  const made: { stop: ReturnType<typeof vi.fn>; caller: { closed: boolean } }[] = [];
  const make = () => {
    made.push({ stop: vi.fn(), caller: { closed: false } });
    return made.at(-1) as unknown as Supervisor;
  };
  const stopped = () => made.map(({ stop }) => stop.mock.calls.length);
  return { spares: new SpareWorkers(make, keep), made, stopped };
}

it("has so many ready, makes what is asked beyond them, and gives again what was put aside", () => {
  const { spares, made } = scene(1);
  expect(made).toHaveLength(1);
  const [one, two] = [spares.take(), spares.take()];
  expect([one, two]).toEqual(made);
  spares.putAside(two);
  expect(spares.take()).toBe(two);
  expect(made).toHaveLength(2);
});

it("ends what nobody takes for ten seconds, but for those that are kept ready", () => {
  const { spares, stopped } = scene(1);
  const [one, two] = [spares.take(), spares.take()];
  spares.putAside(one);
  spares.putAside(two);
  vi.advanceTimersByTime(9_999);
  expect(stopped()).toEqual([0, 0]);
  vi.advanceTimersByTime(1);
  expect(stopped()).toEqual([0, 1]);
});

it("ends at once what has died, and all when it is closed, what comes back later included", () => {
  const { spares, made, stopped } = scene(1);
  const [one, two, three] = [spares.take(), spares.take(), spares.take()];
  (made[0] as (typeof made)[0]).caller.closed = true;
  spares.putAside(one);
  spares.putAside(two);
  spares.dispose();
  spares.putAside(three);
  expect(stopped()).toEqual([1, 1, 1]);
});

it("tells those that wait, and none that is at work", () => {
  const { spares, made } = scene(2);
  const taken = spares.take();
  const told: unknown[] = [];
  spares.each((worker) => told.push(worker));
  expect(told).toEqual(made.filter((worker) => (worker as unknown) !== taken));
  expect(told).toHaveLength(1);
});
