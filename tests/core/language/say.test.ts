import { describe, expect, it } from "vitest";
import { holdsText, inEnglish, say, sayAll, sayCount } from "../../../src/core/language/say.ts";

describe("a message", () => {
  it("is named by its English sentence with a place for each value, and holds it in English", () => {
    expect(say`${2} of ${3} graders drew`).toEqual({
      id: "{0} of {1} graders drew",
      values: [2, 3],
      english: "2 of 3 graders drew",
    });
  });

  it("may stand in another one, and is whole after a structured clone", () => {
    const outer = structuredClone(say`${"a.dcm"}: ${say`it ends after ${1} of ${2} rows`}.`);
    expect(inEnglish(outer)).toBe("a.dcm: it ends after 1 of 2 rows.");
    expect(outer.values[1]).toMatchObject({ id: "it ends after {0} of {1} rows" });
  });

  it("of a count has both English forms in its name and the one of its number in English", () => {
    const slices = { one: "# slice", other: "# slices" };
    expect([0, 1, 2].map((count) => sayCount(count, slices).english)).toEqual(["0 slices", "1 slice", "2 slices"]);
    expect(sayCount(2, slices).id).toBe("{0, plural, one {# slice} other {# slices}}");
  });

  it("of several is these in a row", () => {
    expect(sayAll([say`one`, "two", "three"], "; ")).toEqual({
      id: "{0}; {1}; {2}",
      values: [say`one`, "two", "three"],
      english: "one; two; three",
    });
  });

  it("is the same as another one where both say the same", () => {
    expect(holdsText([say`${1} slice`], "1 slice")).toBe(true);
    expect(holdsText([say`${1} slice`], "2 slices")).toBe(false);
  });
});
