/**
 * A text that can be said in several languages: its English source sentence with a place for each value is its name in
 * every catalogue. A plain object, so that it crosses worker borders and lies in databases.
 */
export interface Message {
  /** In ICU's notation: "{0} cases are too few", "{0, plural, one {# slice} other {# slices}}". */
  readonly id: string;
  /** What stands at {0}, {1} and so on. */
  readonly values: readonly Value[];
  /** The whole of it in English, as files, the command line and logs have it. */
  readonly english: string;
}

/** A plain string is said as it is in every language: a name, a number, what a server answered. */
export type Text = string | Message;
export type Value = Text | number;

/** The two forms of English, "#" for the number; other languages have as many as `Intl.PluralRules` says. */
export interface CountForms {
  readonly one: string;
  readonly other: string;
}

/** A template literal as a message: say`${count} cases are too few`. Nothing of it depends on a chosen language. */
export function say(pieces: TemplateStringsArray, ...values: readonly Value[]): Message {
  return { id: messageId(pieces), values, english: woven(pieces, values) };
}

/** "{0} cases are too few" of the template literal's pieces. */
export function messageId(pieces: readonly string[]): string {
  return pieces.map((piece, i) => (i === 0 ? piece : `{${i - 1}}${piece}`)).join("");
}

/** A number with its noun: sayCount(3, { one: "# slice", other: "# slices" }). */
export function sayCount(count: number, { one, other }: CountForms): Message {
  const english = (count === 1 ? one : other).replace("#", String(count));
  return { id: `{0, plural, one {${one}} other {${other}}}`, values: [count], english };
}

/** Several texts in a row, with what stands between them. */
export function sayAll(texts: readonly Text[], between = ", "): Text {
  const id = texts.map((_, i) => `{${i}}`).join(between);
  return { id, values: texts, english: texts.map(inEnglish).join(between) };
}

export function inEnglish(text: Value): string {
  return typeof text === "object" ? text.english : String(text);
}

/** Whether one of the texts says the same. */
export function holdsText(texts: readonly Text[], text: Text): boolean {
  return texts.some((one) => inEnglish(one) === inEnglish(text));
}

/** The pieces of a template literal with these values between them, in English. */
export function woven(pieces: readonly string[], values: readonly Value[]): string {
  return pieces.map((piece, i) => (i === 0 ? piece : `${inEnglish(values[i - 1] ?? "")}${piece}`)).join("");
}
