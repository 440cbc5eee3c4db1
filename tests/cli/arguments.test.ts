import { describe, expect, it } from "vitest";
import { readArguments, readCounts, readPoint } from "../../src/cli/arguments.ts";

const expected = { positionals: ["FILE"], options: ["seed", "out"], flags: ["mean"] };
const read = (...words: string[]) => readArguments(words, expected);

describe("readArguments", () => {
  it("tells the file from the named words, in any order", () => {
    const args = read("--seed", "3", "a.dcm", "--mean");
    expect(args.positionals).toEqual(["a.dcm"]);
    expect(args.whole("seed", 0, 0, 10)).toBe(3);
    expect(args.flag("mean")).toBe(true);
    expect(args.text("out")).toBeUndefined();
  });

  it("takes a negative number for a value", () => {
    expect(read("a", "--seed", "-3").whole("seed", 0, -10, 10)).toBe(-3);
  });

  it.each([
    [[], "FILE is missing"],
    [["a", "b"], '"b" is one word too many'],
    [["a", "--depth", "3"], "Unknown option '--depth'"],
    [["a", "--seed"], "argument missing"],
  ])("refuses %j with a sentence", (words, sentence) => {
    expect(() => read(...words)).toThrow(sentence);
  });

  it("names the bounds of a number", () => {
    expect(() => read("a", "--seed", "eleven").whole("seed", 0, 0, 10)).toThrow(
      '--seed is "eleven"; give a number from 0 to 10.',
    );
    expect(() => read("a", "--seed", "1.5").whole("seed", 0, 0, 10)).toThrow("give a whole number");
  });

  it("takes for a list all words up to the next option, and several options of the name", () => {
    const list = (...words: string[]) => {
      const args = readArguments(words, { ...expected, lists: ["marks"] });
      return [args.list("marks"), args.positionals, args.text("seed")];
    };
    expect(list("a", "--marks", "x", "y", "--seed", "3", "--marks", "z")).toEqual([["x", "y", "z"], ["a"], "3"]);
    expect(list("--marks", "x", "--seed", "3", "a")).toEqual([["x"], ["a"], "3"]);
    expect(list("a")).toEqual([[], ["a"], undefined]);
    expect(list("a", "--marks", "x", "x")).toEqual([["x", "x"], ["a"], undefined]);
    expect(() => list("a", "--marks", "")).toThrow("--marks is empty");
    expect(() => list("a", "--marks", "--seed", "3")).toThrow("--marks");
    expect(() => list("--marks", "x", "a")).toThrow("FILE is missing");
  });

  it("names a word that cannot be left out", () => {
    expect(() => read("a").needed("out")).toThrow("--out is missing");
    expect(() => read("a", "--out", "").text("out")).toThrow("--out is empty");
  });
});

describe("readPoint", () => {
  it("reads column, then row", () => {
    expect(readPoint("at", "312, 207")).toEqual([312, 207]);
  });

  it.each(["312", "312,", "a,b", "1,2,3", "1.5,2"])("refuses %s", (word) => {
    expect(() => readPoint("at", word)).toThrow("two whole numbers");
  });
});

describe("readCounts", () => {
  it("keeps the order", () => {
    expect(readCounts("counts", "16,1,4")).toEqual([16, 1, 4]);
  });

  it.each(["", "0", "4,,8", "4,x"])("refuses %j", (word) => {
    expect(() => readCounts("counts", word)).toThrow("--counts");
  });
});
