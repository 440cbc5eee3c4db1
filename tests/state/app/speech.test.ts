import { afterEach, describe, expect, it } from "vitest";
import { say, sayAll } from "../../../src/core/language/say.ts";
import { derive } from "../../../src/state/app/derive.ts";
import {
  asSentence,
  counted,
  currentLanguage,
  onLanguage,
  said,
  saidOf,
  speakWith,
  t,
} from "../../../src/state/app/speech.ts";

/** Knows one message, and puts its second value first. */
const backwards = (id: string, values: readonly string[]) =>
  id === "{0} of {1}" ? `${values[1]}中${values[0]}` : null;

afterEach(() => speakWith("en", null));

describe("what is said", () => {
  it("is English without a voice", () => {
    expect([t`${1} of ${2}`, said(say`${1} of ${2}`), counted(1, { one: "# case", other: "# cases" })]).toEqual([
      "1 of 2",
      "1 of 2",
      "1 case",
    ]);
  });

  it("is the voice's, in what stands within as well", () => {
    speakWith("ja", backwards);
    expect(t`${1} of ${2}`).toBe("2中1");
    expect(said(say`${"a"} of ${say`${1} of ${2}`}`)).toBe("2中1中a");
  });

  it("is English where the voice has no word, with what it has within", () => {
    speakWith("ja", backwards);
    expect(t`shown: ${say`${1} of ${2}`}`).toBe("shown: 2中1");
    expect(said(sayAll([say`${1} of ${2}`, "b"]))).toBe("2中1, b");
    expect(counted(2, { one: "# case", other: "# cases" })).toBe("2 cases");
  });

  it("is nothing of nothing; a clause becomes a sentence", () => {
    expect([saidOf(null), saidOf(undefined), saidOf(say`a`)]).toEqual([undefined, undefined, "a"]);
    expect(asSentence(say`no slice is missing`)).toBe("No slice is missing.");
  });

  it("is told to who listens until they leave, and what was derived is derived again", () => {
    const heard: string[] = [];
    const stop = onLanguage(() => heard.push(currentLanguage()));
    const text = derive(
      (n: number) => [n] as const,
      (n) => t`${n} of ${9}`,
    );
    expect(text(1)).toBe("1 of 9");
    speakWith("ja", backwards);
    expect(text(1)).toBe("9中1");
    stop();
    speakWith("en", null);
    expect(heard).toEqual(["ja"]);
  });
});
