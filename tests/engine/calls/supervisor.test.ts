import { afterEach, expect, test, vi } from "vitest";
import { serveCalls } from "../../../src/engine/calls/calls.ts";
import { type Mortal, Supervisor } from "../../../src/engine/calls/supervisor.ts";

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A worker in this thread that answers "who" with its number, or never where it is mute; `kill` is its error event. */
function worker(number: number, mute: boolean): Mortal & { kill(): void; terminated: boolean } {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const forever = () => new Promise(() => undefined);
  serveCalls(port2, { live: { run: () => undefined }, who: { run: mute ? forever : () => number } });
  let died = (_: MessageEvent): void => undefined;
  return {
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

test("a stopped supervisor makes no more workers", () => {
  const { supervisor, workers } = supervised(() => false);
  supervisor.stop();
  workers[0]?.kill();
  expect(workers).toHaveLength(1);
});
