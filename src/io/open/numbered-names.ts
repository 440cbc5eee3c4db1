import { LIMITS } from "../bytes/limits.ts";

/** "slice-%03d.raw 1 20 1": a pattern with one number, the first, the last, the step, and what some formats add. */
const PATTERN = /^(.*%0?\d{0,2}d.*?)[ \t]+(-?\d{1,6})[ \t]+(-?\d{1,6})[ \t]+(-?\d{1,6})(?:[ \t]+\d+)?$/;

/** Names of numbered files as C's `printf` makes them; null where the text is no such pattern, or names too many. */
export function numberedNames(text: string): string[] | null {
  const [, pattern, first, last, by] = PATTERN.exec(text) ?? [];
  if (pattern === undefined) return null;
  const [from, to, step] = [Number(first), Number(last), Number(by)];
  const count = Math.floor((to - from) / step) + 1;
  if (!(count >= 1 && count <= LIMITS.frames)) return null;
  return Array.from({ length: count }, (_, i) =>
    pattern.replace(/%(0?)(\d{0,2})d/, (_all, zero: string, width: string) =>
      String(from + i * step).padStart(Number(width), zero === "" ? " " : "0"),
    ),
  );
}
