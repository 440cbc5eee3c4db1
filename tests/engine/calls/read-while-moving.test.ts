import { expect, it } from "vitest";
import { readWhileMoving } from "../../../src/engine/calls/read-while-moving.ts";
import { turns, until } from "../../support/until.ts";

/** A line whose pieces and waits come when the test says so. */
function line() {
  const waits: (() => void)[] = [];
  let pieces: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      pieces = controller;
    },
  });
  return {
    body,
    send: async (...bytes: number[]) => {
      pieces?.enqueue(Uint8Array.from(bytes));
      await turns(2); // until it went through
    },
    end: () => pieces?.close(),
    wait: () => new Promise<void>((passed) => void waits.push(passed)),
    /** One wait passes, once it was begun. */
    pass: async () => {
      await until(() => waits.length > 0);
      waits.shift()?.();
      await turns(2);
    },
  };
}

it("all bytes are read, however many waits pass, as long as some came in each few of them", async () => {
  const { body, send, end, wait, pass } = line();
  const reading = readWhileMoving(async () => body, wait, 2);
  for (const piece of [1, 2, 3, 4]) {
    await send(piece);
    await pass(); // four waits in all, never two in a row without a byte
  }
  end();
  expect(await reading).toEqual(Uint8Array.of(1, 2, 3, 4));
});

it("a line that stalls is given up after so many waits, and not read any more", async () => {
  const { body, send, wait, pass } = line();
  let signal: AbortSignal | undefined;
  const open = async (given: AbortSignal) => {
    signal = given;
    return body;
  };
  const reading = readWhileMoving(open, wait, 2);
  await send(1);
  await pass(); // a byte came in this one
  await pass();
  expect(signal?.aborted).toBe(false);
  await pass(); // and in two in a row none
  expect(await reading).toBeNull();
  expect(signal?.aborted).toBe(true);
});

it("an answer that never begins is given up, too; one that fails fails", async () => {
  const { wait, pass } = line();
  const reading = readWhileMoving(() => new Promise(() => undefined), wait, 1);
  await pass();
  expect(await reading).toBeNull();
  const failing = readWhileMoving(() => Promise.reject(new Error("no line")), wait, 1);
  await expect(failing).rejects.toThrow("no line");
});
