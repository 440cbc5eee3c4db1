import { describe, expect, it } from "vitest";
import { Queue } from "../../../src/state/models/queue.ts";

/** Work that writes down when it begins, and ends with `next`. */
function scene() {
  const log: string[] = [];
  const waiting: (() => void)[] = [];
  const work = (name: string) => async () => {
    log.push(name);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return name;
  };
  const next = async () => {
    waiting.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { log, work, next, queue: new Queue() };
}

describe("the queue of draws", () => {
  it("lets a slider's decode overtake the plane's that wait, not the one that runs", async () => {
    const { queue, work, next, log } = scene();
    void queue.run("idle", undefined, work("plane 1"));
    void queue.run("idle", undefined, work("plane 2"));
    void queue.run("soon", undefined, work("strip"));
    void queue.run("now", undefined, work("slider"));
    for (let i = 0; i < 4; i++) await next();
    expect(log).toEqual(["plane 1", "slider", "strip", "plane 2"]);
  });

  it("goes on after work that failed", async () => {
    const { queue, work, next } = scene();
    const failed = queue.run("now", undefined, async () => {
      throw new Error("no");
    });
    const done = queue.run("now", undefined, work("next"));
    await expect(failed).rejects.toThrow("no");
    await next();
    expect(await done).toBe("next");
  });

  it("does not start what was cancelled while it waited", async () => {
    const { queue, work, next, log } = scene();
    const abort = new AbortController();
    void queue.run("now", undefined, work("first"));
    const cancelled = queue.run("idle", abort.signal, work("second"));
    abort.abort();
    const ended = expect(cancelled).rejects.toMatchObject({ tag: "Aborted" });
    await next();
    await ended;
    expect(log).toEqual(["first"]);
  });

  it("ends what waits when it is cleared, and lets the running end by itself", async () => {
    const { queue, work, next } = scene();
    const running = queue.run("now", undefined, work("first"));
    const waits = queue.run("soon", undefined, work("second"));
    queue.clear();
    await expect(waits).rejects.toMatchObject({ tag: "Aborted" });
    await next();
    expect(await running).toBe("first");
  });
});

describe("a queue with two lanes", () => {
  it("has two at work at once, and the most urgent takes the lane that comes free", async () => {
    const { work, next, log } = scene();
    const queue = new Queue(2);
    for (const name of ["pass 1", "pass 2", "pass 3"]) void queue.run("soon", undefined, work(name));
    void queue.run("now", undefined, work("slider"));
    await next();
    expect(log).toEqual(["pass 1", "pass 2", "slider"]);
    for (let i = 0; i < 3; i++) await next();
    expect(log).toEqual(["pass 1", "pass 2", "slider", "pass 3"]);
  });
});
