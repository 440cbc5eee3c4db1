import { getEventListeners } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { Caller, type Method, serveCalls } from "../../../src/engine/calls/calls.ts";

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function served(methods: Record<string, Method>): MessagePort {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  serveCalls(port2, methods);
  return port1;
}

/** A worker that died: messages to it are never answered. */
function dead(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  return port1;
}

const forever: Method = { run: () => new Promise(() => undefined) };

describe("a call over a port", () => {
  test("comes back with the method's value", async () => {
    const caller = new Caller(served({ add: { run: ([a, b]) => (a as number) + (b as number) } }));
    expect(await caller.call("add", [2, 3])).toBe(5);
  });

  test("begins in the order in which it was made", async () => {
    const seen: unknown[] = [];
    const caller = new Caller(served({ note: { run: ([what]) => seen.push(what) } }));
    await Promise.all([caller.call("note", ["first"]), caller.call("note", ["second"])]);
    expect(seen).toEqual(["first", "second"]);
  });

  test("keeps the tag and the facts of an error", async () => {
    const facts = { file: "a.dcm", problem: "it is cut short", remedy: "copy it again" };
    const run = () => {
      throw new GraderspaceError("TruncatedFile", facts);
    };
    const caller = new Caller(served({ run: { run } }));
    const error = await caller.call("run", []).catch((reason) => reason);
    expect(error).toBeInstanceOf(GraderspaceError);
    expect(error).toMatchObject({ tag: "TruncatedFile", facts, message: "a.dcm: it is cut short; copy it again." });
  });

  test("aborts the work on the other side, and ends at once on this one", async () => {
    let aborted: (value: unknown) => void = () => undefined;
    const told = new Promise((resolve) => {
      aborted = resolve;
    });
    const run: Method["run"] = (_, task) => {
      task.signal?.addEventListener("abort", aborted);
      return new Promise(() => undefined);
    };
    const caller = new Caller(served({ run: { run } }));
    const stop = new AbortController();
    const call = caller.call("run", [], { signal: stop.signal });
    stop.abort();
    await expect(call).rejects.toMatchObject({ tag: "Aborted" });
    await told;
  });

  test("leaves no listener on a signal that outlives its calls", async () => {
    const caller = new Caller(served({ fine: { run: () => 1 }, bad: { run: () => Promise.reject(new Error("no")) } }));
    const { signal } = new AbortController();
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await caller.call("fine", [], { signal });
    await caller.call("bad", [], { signal }).catch(() => undefined);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    vi.restoreAllMocks();
  });

  test("freed of what it was asked, it ends that, there too, and is not told it again", async () => {
    const told: string[] = [];
    const forever: Method["run"] = (_, task) =>
      new Promise((resolve) => {
        task.signal?.addEventListener("abort", () => resolve(told.push("aborted")));
      });
    const caller = new Caller(served({ load: { run: () => told.push("load") }, work: { run: forever } }));
    await caller.call("load", [], undefined, { keep: true });
    const work = caller.call("work", []);
    caller.free("load", new GraderspaceError("Aborted", { problem: "closed" }));
    await expect(work).rejects.toMatchObject({ tag: "Aborted" });
    await expect.poll(() => told).toEqual(["load", "aborted"]);
    caller.reconnect(served({ load: { run: () => told.push("load again") }, fine: { run: () => 1 } }));
    await caller.call("fine", []);
    expect(told).toEqual(["load", "aborted"]);
  });

  test("moves numbers that belong to nobody else instead of copying them", async () => {
    const mine = new Float32Array([1, 2]);
    const caller = new Caller(served({ give: { run: () => ({ deep: [mine] }), moves: true } }));
    expect(await caller.call("give", [])).toEqual({ deep: [new Float32Array([1, 2])] });
    expect(mine.length).toBe(0);
  });

  test("fails with a sentence where there is no such method", async () => {
    await expect(new Caller(served({})).call("fly", [])).rejects.toThrow("There is no method fly.");
  });
});

describe("when the other side dies", () => {
  test("what was under way is asked again, and what was kept is told first", async () => {
    const told: unknown[] = [];
    const caller = new Caller(dead());
    caller.call("load", ["weights"], undefined, { keep: true }).catch(() => undefined);
    const answer = caller.call("encode", ["crop"]);
    const heir = served({
      load: { run: ([what]) => told.push(what) },
      encode: { run: ([what]) => `${told[0]} for ${what}` },
    });
    caller.reconnect(heir);
    expect(await answer).toBe("weights for crop");
    expect(told).toEqual(["weights"]); // once, though it was both kept and under way
  });

  test("an answered call is not asked again unless it is kept", async () => {
    const first: string[] = [];
    const second: string[] = [];
    const noting = (list: string[]): Record<string, Method> => ({
      load: { run: () => list.push("load") },
      encode: { run: () => list.push("encode") },
    });
    const caller = new Caller(served(noting(first)));
    await caller.call("load", [], undefined, { keep: true });
    await caller.call("encode", []);
    caller.reconnect(served(noting(second)));
    await caller.call("encode", []);
    expect(second).toEqual(["load", "encode"]);
  });

  test("twice over one call, that call ends in a sentence, and others go on", async () => {
    const caller = new Caller(served({ deadly: forever }));
    const call = caller.call("deadly", []);
    caller.reconnect(served({ deadly: forever }));
    caller.reconnect(served({ deadly: forever, fine: { run: () => "fine" } }));
    await expect(call).rejects.toMatchObject({ tag: "WorkerLost" });
    expect(await caller.call("fine", [])).toBe("fine");
  });

  test("nothing is asked of a caller that was closed", async () => {
    const caller = new Caller(served({ run: forever }));
    const call = caller.call("run", []);
    caller.close(new GraderspaceError("Aborted", { problem: "closed" }));
    await expect(call).rejects.toMatchObject({ tag: "Aborted" });
    await expect(caller.call("run", [])).rejects.toMatchObject({ tag: "Aborted" });
  });
});
