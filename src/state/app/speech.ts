import {
  type CountForms,
  inEnglish,
  messageId,
  sayCount,
  type Text,
  type Value,
  woven,
} from "../../core/language/say.ts";

/** Says a message in a language; null where it has no words for it, which are then the English ones. */
export type Voice = (id: string, values: readonly string[]) => string | null;

interface Speech {
  /** BCP 47. */
  readonly language: string;
  /** Null for English, which stands in the source. */
  readonly voice: Voice | null;
}

let speech: Speech = { language: "en", voice: null };
const listeners = new Set<() => void>();

/** All that is drawn from now on is in this language. */
export function speakWith(language: string, voice: Voice | null): void {
  speech = { language, voice };
  for (const listener of listeners) listener();
}

export function currentVoice(): Voice | null {
  return speech.voice;
}

export function currentLanguage(): string {
  return speech.language;
}

/** Calls back at each change of the language; returns what ends that. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A template literal in the chosen language, now: for what is drawn at once. What is kept for later is a `say`. */
export function t(pieces: TemplateStringsArray, ...values: readonly Value[]): string {
  return speech.voice === null ? woven(pieces, values) : spoken(pieces, values.map(said));
}

/** A number with its noun in the chosen language, now. */
export function counted(count: number, forms: CountForms): string {
  return said(sayCount(count, forms));
}

/** A text in the chosen language, now. */
export function said(text: Value): string {
  if (speech.voice === null || typeof text !== "object") return inEnglish(text);
  const values = text.values.map(said);
  return speech.voice(text.id, values) ?? filled(text.id, values) ?? text.english;
}

/** "this", "this and that", "this, that, and more" in the chosen language, now. */
export function listed(texts: readonly Text[]): string {
  return new Intl.ListFormat(speech.language === "pseudo" ? "en" : speech.language).format(texts.map(said));
}

/** The same of a text that may be missing. */
export function saidOf(text: Text | null | undefined): string | undefined {
  return text === null || text === undefined ? undefined : said(text);
}

/** A clause with its capital and its full stop. */
export function asSentence(clause: Text): string {
  const text = said(clause);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** An id that needs no words of its own, or has none: its places with what is said of them. */
function filled(id: string, values: readonly string[]): string | null {
  return id.includes("plural,") ? null : id.replace(/\{(\d+)\}/g, (_, i: string) => values[Number(i)] ?? "");
}

function spoken(pieces: TemplateStringsArray, values: readonly string[]): string {
  return speech.voice?.(messageId(pieces), values) ?? woven(pieces, values);
}
