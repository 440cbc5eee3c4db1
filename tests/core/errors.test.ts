import { describe, expect, it } from "vitest";
import { fromPlain, GraderspaceError, isAbort, throwIfAborted, toPlain } from "../../src/core/errors.ts";

describe("errors a person reads", () => {
  it("say which file, what is wrong and what to do", () => {
    const error = new GraderspaceError("TruncatedFile", {
      file: "scan.dcm",
      problem: "its pixel data ends after 12 of 512 rows",
      remedy: "copy it again",
    });
    expect(error.message).toBe("scan.dcm: its pixel data ends after 12 of 512 rows; copy it again.");
  });

  it("begin with a capital where there is no file, and end without a remedy", () => {
    expect(new GraderspaceError("BadArgument", { problem: "there is no grader" }).message).toBe("There is no grader.");
  });

  it("keep tag, facts and sentence across a structured clone", () => {
    const error = new GraderspaceError("DeviceLost", { problem: "the GPU was reset", remedy: "wait" });
    const back = fromPlain(structuredClone(toPlain(error)));
    expect(back).toBeInstanceOf(GraderspaceError);
    expect([back.tag, back.message, back.facts]).toEqual([error.tag, error.message, error.facts]);
  });

  it("what is no error of ours crosses as a lost worker, an abort as an abort", () => {
    expect(toPlain(new Error("boom"))).toEqual({ tag: "WorkerLost", facts: { problem: "boom" } });
    expect(toPlain("boom").facts.problem).toBe("boom");
    expect(toPlain(new DOMException("stop", "AbortError")).tag).toBe("Aborted");
  });
});

describe("a piece of the page that did not come", () => {
  it("is told from a fault of the code, in the words of each browser", () => {
    for (const words of [
      "Failed to fetch dynamically imported module: https://host/assets/open-1.js",
      "error loading dynamically imported module: https://host/assets/open-1.js",
      "Importing a module script failed.",
      "Unable to preload CSS for /assets/compare-view-1.css",
    ]) {
      const { tag, message } = fromPlain(toPlain(new TypeError(words)));
      expect([tag, message]).toEqual([
        "NetworkFailed",
        "A piece of this page could not be fetched; check the connection and try again, or reload the page for its newest version.",
      ]);
    }
    expect(toPlain(new TypeError("x is not a function")).tag).toBe("WorkerLost");
  });
});

describe("aborts", () => {
  it("are known by tag or by name", () => {
    expect(isAbort(new GraderspaceError("Aborted", { problem: "x" }))).toBe(true);
    expect(isAbort(new DOMException("stop", "AbortError"))).toBe(true);
    expect(isAbort(new GraderspaceError("BadArgument", { problem: "x" }))).toBe(false);
    expect(isAbort("AbortError")).toBe(false);
  });

  it("throw only once the signal says so", () => {
    const controller = new AbortController();
    throwIfAborted(undefined);
    throwIfAborted(controller.signal);
    controller.abort();
    expect(() => throwIfAborted(controller.signal)).toThrow(expect.objectContaining({ tag: "Aborted" }));
  });
});

describe("a long file name", () => {
  it("of up to 80 characters stands whole; of a longer one its first 55 and its last 24 around a dot", () => {
    const said = (file: string) => new GraderspaceError("BadArgument", { file, problem: "x" }).message;
    const name = "abcdefghij".repeat(8);
    expect(said(name)).toBe(`${name}: x.`);
    // 81 characters: 80 of them are left, 55 + 1 + 24
    expect(said(`${name}k`)).toBe(`${name.slice(0, 55)}…${`${name}k`.slice(57)}: x.`);
  });
});
