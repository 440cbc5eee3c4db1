import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { Grader, Slice } from "../../core/values/slice.ts";
import type { SourceFile } from "../../io/bytes/source-file.ts";
import type { Marks } from "../../io/marks/marks.ts";
import type { Stack } from "../../io/stack/stack.ts";
import { type Intent, LUNG } from "../app/intent.ts";
import type { Case } from "../app/shape.ts";

export function sourceOf(file: File): SourceFile {
  const read = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
  return { name: file.name, size: file.size, read: () => read(file), head: (count) => read(file.slice(0, count)) };
}

/** The middle of what the graders drew; of the slice where they drew nothing. */
export function centreOf(slice: Slice, graders: readonly Grader[]): readonly [number, number] {
  let [x, y, count] = [0, 0, 0];
  for (const { mask } of graders) {
    for (let i = 0; mask && i < mask.bits.length; i++) {
      if (mask.bits[i] !== 1) continue;
      x += i % mask.width;
      y += Math.floor(i / mask.width);
      count++;
    }
  }
  if (count === 0) return [Math.round(slice.width / 2), Math.round(slice.height / 2)];
  return [Math.round(x / count), Math.round(y / count)];
}

/** HU windows mean nothing for stored values, and the whole range says little of HU. */
export function withWindow(intent: Intent, slice: Slice): Intent {
  const { window } = intent.view;
  if (slice.unit !== "HU" && window?.[0] === LUNG[0] && window[1] === LUNG[1])
    return { ...intent, view: { ...intent.view, window: null } };
  return intent;
}

/**
 * The case with more marks laid over it, those that say nothing of their place over frame `shown`; those of an example's
 * simulated graders go. What does not belong is left out and said; `laid`: whether any does.
 */
export async function withMarksOn(found: Case, marks: readonly Marks[], shown: number) {
  const { withMarks } = await import("../../io/marks/marks-target.ts");
  const { slice, ...bare } = await stackOfCase(found);
  const graders = async (index: number) => (found.own ? (await found.read(index)).graders : []);
  const before = { ...bare, slice, graders };
  const { stack, notes } = await withMarks(before, marks, shown);
  const next: Case = {
    ...found,
    read: async (index) => ({ slice: await slice(index), graders: (await stack.graders?.(index)) ?? [] }),
  };
  return { next, notes, laid: stack !== before };
}

/** The case's pictures as its file has them, without graders. */
export async function stackOfCase(found: Case): Promise<Stack> {
  const { plainStack } = await import("../../io/stack/stack.ts");
  const slice = async (index: number) => (await found.read(index)).slice;
  const alone = plainStack({ name: found.title, format: "pack", frames: found.frames, slice });
  const { graders: _its, ...stack } = found.stack ?? alone;
  return { ...stack, slice };
}

export function wrongSlice(file: string): GraderspaceError {
  return new GraderspaceError("WrongSession", {
    file,
    problem: say`the session beside it is about another slice`,
    remedy: say`open the session with the slice it was made from`,
  });
}
