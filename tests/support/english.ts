import type { Message } from "../../src/core/language/say.ts";

/** The same value with every message in it as its English sentence. */
// biome-ignore lint/suspicious/noExplicitAny: what is expected of it is the test's to say
export function english(value: unknown): any {
  if (Array.isArray(value)) return value.map(english);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  if ("english" in value && "id" in value) return (value as Message).english;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, english(part)]));
}
