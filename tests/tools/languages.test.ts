import { describe, expect, it } from "vitest";
import { catalogueOf, languages, shortcomings } from "../../tools/languages.ts";
import { messagesByPart, messagesIn, placesIn } from "../../tools/message-ids.ts";

describe("the messages of the source", () => {
  it("are found in tagged templates and in counts, those without words left out", () => {
    const text =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: source that holds templates
      'say`${n} of ${all} drew`; t`${c}`; counted(n, { one: "# slice", other: "# slices" });';
    expect(messagesIn("a.ts", text)).toEqual(["{0} of {1} drew", "{0, plural, one {# slice} other {# slices}}"]);
  });

  it("are joins of clauses too, which are sentences of their own in other languages", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source that holds templates
    expect(messagesIn("a.ts", "say`${problem}; ${remedy}.`; say`${name} (${size})`;")).toEqual(["{0}; {1}."]);
  });

  it("stand in one part of the catalogue each", () => {
    const all = [...messagesByPart().values()].flat();
    expect(all.length).toBeGreaterThan(1500);
    expect(new Set(all).size).toBe(all.length);
  });

  it("have places, which a plural has too", () => {
    expect(placesIn("{1} of {0}")).toEqual(["{0", "{1"]);
    expect(placesIn("{0, plural, other {단면 #개}}")).toEqual(["{0"]);
  });
});

describe.each(languages())("the catalogue of %s", (language) => {
  it("has no message that the source does not have, and each place of each", () => {
    const { idle, misplaced } = shortcomings(catalogueOf(language));
    expect([idle, misplaced]).toEqual([[], []]);
  });

  it("has every message", () => {
    const { missing } = shortcomings(catalogueOf(language));
    expect(missing, "run npm run languages, and write what is empty").toEqual([]);
  });
});
