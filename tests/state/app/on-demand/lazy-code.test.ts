import { describe, expect, it } from "vitest";
import { lazyCode } from "../../../../src/state/app/on-demand/lazy-code.ts";

const WORDS = "Failed to fetch dynamically imported module: http://host/a.js";

describe("code that comes when it is first asked for", () => {
  it("is fetched once, and made into one thing, however many ask at once", async () => {
    const asked: string[] = [];
    const later = lazyCode(
      async () => asked.push("load"),
      () => ({ made: asked.push("make") }),
    );
    expect(later.ready()).toBeNull();
    const [one, other] = await Promise.all([later.fetch(), later.fetch()]);
    expect(one).toBe(other);
    expect(later.ready()).toBe(one);
    expect(asked).toEqual(["load", "make"]);
  });

  it("is asked for again after a failure, under another address", async () => {
    const asked: string[] = [];
    const later = lazyCode(
      async () => {
        throw new TypeError(WORDS);
      },
      (text: string) => text,
      async (url) => {
        asked.push(url);
        if (asked.length === 1) throw new TypeError(WORDS);
        return "here";
      },
    );
    await expect(later.fetch()).rejects.toThrow(WORDS);
    expect(later.ready()).toBeNull();
    expect(await later.fetch()).toBe("here");
    expect(asked).toEqual(["http://host/a.js?again=1", "http://host/a.js?again=2"]);
  });

  it("is asked for again where making it failed", async () => {
    let tries = 0;
    const later = lazyCode(
      async () => 7,
      (value) => {
        if (++tries === 1) throw new Error("not yet");
        return value;
      },
    );
    await expect(later.fetch()).rejects.toThrow("not yet");
    expect(await later.fetch()).toBe(7);
  });
});
