import { afterEach, describe, expect, test, vi } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { serveCalls } from "../../../src/engine/calls/calls.ts";
import { BEAT, endWhereSilent } from "../../../src/engine/calls/stall-watch.ts";
import { type Mortal, Supervisor } from "../../../src/engine/calls/supervisor.ts";

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/**
 * A worker in this thread that answers "who" with its number, and beats, or never where it is mute; `kill` is its error
 * event.
 */
function worker(number: number, mute: boolean): Mortal & { kill(): void; terminated: boolean; asked: string[] } {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const forever = () => new Promise(() => undefined);
  const asked: string[] = [];
  let known: unknown;
  const learn = ([what]: readonly unknown[]) => {
    known = what;
    return what;
  };
  serveCalls(port2, {
    live: { run: () => undefined },
    beat: mute ? { run: forever } : BEAT,
    who: { run: mute ? forever : () => number },
    learn: { run: learn },
    known: { run: () => known },
  });
  port2.addEventListener("message", ({ data }) => void asked.push(data.method));
  let died = (_: MessageEvent): void => undefined;
  return {
    asked,
    terminated: false,
    terminate() {
      this.terminated = true;
    },
    kill: () => died(new MessageEvent("error")),
    postMessage: (message, transfer) => port1.postMessage(message, transfer),
    start: () => port1.start(),
    addEventListener: (type, listener) => {
      if (type === "error") died = listener;
      else port1.addEventListener(type, listener);
    },
    removeEventListener: (type, listener) => port1.removeEventListener(type, listener),
  };
}

function supervised(mute: (number: number) => boolean) {
  const workers: ReturnType<typeof worker>[] = [];
  const supervisor = new Supervisor(() => {
    const next = worker(workers.length + 1, mute(workers.length + 1));
    workers.push(next);
    return next;
  });
  return { supervisor, workers };
}

test("a call that a dying worker leaves open is answered by its successor", async () => {
  const { supervisor, workers } = supervised((number) => number === 1);
  const answer = supervisor.caller.call("who", []);
  workers[0]?.kill();
  expect(await answer).toBe(2);
  expect(workers[0]?.terminated).toBe(true);
});

test("a death between two calls goes unnoticed", async () => {
  const { supervisor, workers } = supervised(() => false);
  expect(await supervisor.caller.call("who", [])).toBe(1);
  workers[0]?.kill();
  expect(await supervisor.caller.call("who", [])).toBe(2);
});

test("workers that keep dying end in a sentence instead of being made for ever", async () => {
  const { supervisor, workers } = supervised(() => true);
  for (let death = 0; death < 5; death++) workers[death]?.kill();
  expect(workers).toHaveLength(5);
  await expect(supervisor.caller.call("who", [])).rejects.toThrow("background work could not be loaded; check");
});

test("a call whose workers die before one ever ran is told that their code is missing, not that memory is short", async () => {
  const { supervisor, workers } = supervised(() => true);
  const answer = supervisor.caller.call("who", []);
  workers[0]?.kill();
  workers[1]?.kill();
  await expect(answer).rejects.toThrow("background work could not be loaded; check");
});

test("workers that ran and keep dying are the browser's doing", async () => {
  const { supervisor, workers } = supervised(() => false);
  expect(await supervisor.caller.call("who", [])).toBe(1);
  for (let death = 0; death < 5; death++) workers[death]?.kill();
  await expect(supervisor.caller.call("who", [])).rejects.toThrow("keeps stopping this page's background work; close");
});

test("deaths spread over minutes are none of them too many", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const { supervisor, workers } = supervised(() => false);
    for (let death = 0; death < 12; death++) {
      workers[death]?.kill();
      vi.advanceTimersByTime(15_001); // the fifth is a minute after the first
    }
    expect(workers).toHaveLength(13);
    expect(await supervisor.caller.call("who", [])).toBe(13);
  } finally {
    vi.useRealTimers();
  }
});

describe("a worker that computes without end", () => {
  const tooLong = () => new GraderspaceError("TooLarge", { problem: "it computed for 2 s without an answer" });
  /** `silent`: answers no beat and no "who". */
  function watched(silent: (number: number) => boolean) {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { supervisor, workers } = supervised(silent);
    endWhereSilent(supervisor, 2, tooLong);
    const seconds = async (count: number) => {
      for (let second = 0; second < count; second++) {
        vi.advanceTimersByTime(1000);
        await new Promise((resolve) => setTimeout(resolve, 5)); // answers of the ports come in
      }
    };
    return { supervisor, workers, seconds };
  }
  afterEach(() => void vi.useRealTimers());

  test("is ended with its calls in a sentence, and its successor knows what was kept", async () => {
    const { supervisor, workers, seconds } = watched((number) => number === 1);
    const kept = supervisor.caller.call("learn", ["a model"], undefined, { keep: true });
    expect(await kept).toBe("a model");
    const asked = expect(supervisor.caller.call("who", [])).rejects.toThrow("It computed for 2 s without an answer.");
    await seconds(3);
    await asked;
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
    expect(await supervisor.caller.call("who", [])).toBe(2);
    expect(await supervisor.caller.call("known", [])).toBe("a model");
    await seconds(6);
    expect(workers).toHaveLength(2);
    supervisor.stop();
  });

  test("is not given again what it did not end with", async () => {
    const { supervisor, workers, seconds } = watched((number) => number === 1);
    const kept = expect(supervisor.caller.call("who", ["endless"], undefined, { keep: true })).rejects.toThrow(
      "It comp",
    );
    await seconds(3);
    await kept;
    expect(workers).toHaveLength(2);
    expect(workers[1]?.asked).not.toContain("who");
    supervisor.stop();
  });

  test("is not one of the browser's five deaths a minute", async () => {
    const { supervisor, workers, seconds } = watched((number) => number < 8);
    await seconds(21); // each is asked in its first second and silent for two
    expect(workers).toHaveLength(8);
    expect(await supervisor.caller.call("who", [])).toBe(8);
    supervisor.stop();
  });
});

test("a stopped supervisor makes no more workers", () => {
  const { supervisor, workers } = supervised(() => false);
  supervisor.stop();
  workers[0]?.kill();
  expect(workers).toHaveLength(1);
});
