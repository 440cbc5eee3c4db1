import type { Voice } from "../../state/app/speech.ts";

/** Letters with marks on them, so that a text can still be read. */
const ACCENTED: Readonly<Record<string, string>> = {
  ...{ a: "å", c: "ç", e: "é", i: "î", n: "ñ", o: "ö", s: "š", u: "ü", y: "ý", z: "ž" },
  ...{ A: "Å", C: "Ç", E: "É", I: "Î", N: "Ñ", O: "Ö", S: "Š", U: "Ü", Y: "Ý", Z: "Ž" },
};
/** Other languages take up to this share more room than English. */
const LONGER = 0.4;
const COUNTED = /^\{0, plural, one \{(.*)\} other \{(.*)\}\}$/;

/**
 * Every message accented, 40 % longer and in ⟦ ⟧: what stands on the page without these is in no catalogue, and what
 * it pushes out of its place will not hold another language.
 */
export const pseudoVoice: Voice = (id, values) => {
  const [, one, other] = id.match(COUNTED) ?? [];
  const text = one === undefined ? id : ((values[0] === "1" ? one : other) ?? "").replace("#", "{0}");
  const parts = text.split(/\{(\d+)\}/);
  const drawn = parts.map((part, i) => (i % 2 === 0 ? accented(part) : (values[Number(part)] ?? "")));
  const letters = parts.filter((_, i) => i % 2 === 0).join("").length;
  if (!/\p{L}/u.test(text.replace(/\{\d+\}/g, ""))) return null;
  return `⟦${drawn.join("")}${filling(Math.ceil(letters * LONGER))}⟧`;
};

/** In words of five letters, so that lines break. */
function filling(length: number): string {
  return "~".repeat(length).replace(/~{5}(?=~)/g, "~~~~ ");
}

function accented(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => ACCENTED[letter] ?? letter);
}
