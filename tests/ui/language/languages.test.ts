// @vitest-environment happy-dom
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { counted, currentLanguage, speakWith, t } from "../../../src/state/app/speech.ts";
import { chooseLanguage, LANGUAGES, ownName, speak, wantedLanguage } from "../../../src/ui/language/languages.ts";
import { linguiVoice } from "../../../src/ui/language/lingui-voice.ts";
import { pseudoVoice } from "../../../src/ui/language/pseudo.ts";
import { rich } from "../../../src/ui/language/rich.tsx";

beforeEach(() => localStorage.clear());
afterEach(() => speakWith("en", null));

describe("the languages", () => {
  it("are English and one a folder, each by its own name", () => {
    expect(LANGUAGES).toEqual(["en", "ko"]);
    expect(LANGUAGES.map(ownName)).toEqual(["English", "한국어"]);
  });

  it("are asked for by the address, else by what was chosen, else by the browser; one that is not there is English", async () => {
    expect(wantedLanguage("?lang=ko")).toBe("ko");
    expect(wantedLanguage("?lang=xx")).toBe("en"); // happy-dom's browser is English
    await chooseLanguage("ko");
    expect(wantedLanguage("")).toBe("ko");
    expect(wantedLanguage("?lang=en")).toBe("en");
  });

  it("are spoken from their catalogue, and named on the page", async () => {
    await speak("ko");
    expect([t`Explore`, currentLanguage(), document.documentElement.lang]).toEqual(["탐색", "ko", "ko"]);
    expect(counted(3, { one: "# slice", other: "# slices" })).toBe("단면 3개");
    await speak("en");
    expect([t`Explore`, document.documentElement.lang]).toEqual(["Explore", "en"]);
  });
});

describe("a voice", () => {
  it("takes the plural that its language has for the number", () => {
    const id = "{0, plural, one {# slice} other {# slices}}";
    const polish = linguiVoice("pl", {
      [id]: "{0, plural, one {# plik} few {# pliki} many {# plików} other {# pliku}}",
    });
    expect(["1", "2", "5"].map((count) => polish(id, [count]))).toEqual(["1 plik", "2 pliki", "5 plików"]);
  });

  it("has no word where its catalogue has none, or an empty one", () => {
    const voice = linguiVoice("ko", { a: "" });
    expect([voice("a", []), voice("b", [])]).toEqual([null, null]);
  });

  it("of the pseudo-locale accents, lengthens and encloses; a message without words stays", () => {
    expect(pseudoVoice("{0} cases", ["7"])).toBe("⟦7 çåšéš~~~⟧"); // " cases": 6 letters and blanks, 40 % of it
    expect(pseudoVoice("{0, plural, one {# slice} other {# slices}}", ["1"])).toBe("⟦1 šlîçé~~~⟧");
    expect(pseudoVoice("{0}; {1}.", ["a", "b"])).toBeNull();
  });
});

describe("a sentence with elements in it", () => {
  const sentence = () =>
    renderToStaticMarkup(createElement("p", null, rich`Only ${createElement("b", null, "x")} goes to ${"y"}.`));

  it("is drawn in the order of English", () => {
    expect(sentence()).toBe("<p>Only <b>x</b> goes to y.</p>");
  });

  it("is drawn in the order of another language", () => {
    speakWith("ko", (id, values) =>
      id === "Only {0} goes to {1}." ? `${values[1]}(으)로 ${values[0]}만 갑니다.` : null,
    );
    expect(sentence()).toBe("<p>y(으)로 <b>x</b>만 갑니다.</p>");
  });
});
