import type { Grader } from "../../core/values/slice.ts";
import { baseName } from "../bytes/source-file.ts";
import type { Stack } from "../stack/stack.ts";
import type { MarkTarget } from "./mark-plane.ts";
import type { Marks } from "./marks.ts";

/** What identifies picture `frame` of a stack to a file of marks. */
async function markTarget(stack: Stack, frame: number): Promise<MarkTarget> {
  const { geometry: _its, ...place } = stack.place(frame);
  return { slice: await stack.slice(frame), ...place };
}

/** The stack with its graders, and what is to be said of the marks. */
interface Marked {
  readonly stack: Stack;
  readonly notes: readonly string[];
}

/**
 * The stack with what its graders drew, whatever files that came from, over those it has. Marks that say nothing of
 * their place belong to one picture, `shown`; those that belong to no picture here are left out, with a sentence each.
 */
export async function withMarks(stack: Stack, marks: readonly Marks[], shown: number = stack.start): Promise<Marked> {
  const { belongsTo, gradersOn } = await import("./marks.ts");
  const places = Array.from({ length: stack.frames }, (_, frame) => stack.place(frame));
  const slice = await stack.slice(shown);
  const notes: string[] = [];
  const laid: { readonly marks: Marks; readonly frame: number | null }[] = [];
  for (const each of marks) {
    const verdict = belongsTo(each, { slice, places, shown });
    if (verdict.note) notes.push(verdict.note);
    if (verdict.belongs) laid.push({ marks: each, frame: verdict.alone ? shown : null });
  }
  const on = laid.find(({ frame }) => frame !== null);
  if (on && stack.frames > 1) {
    notes.push(`${baseName(on.marks.file)} says nothing of its place: it is laid over ${stack.label(shown)} alone`);
  }
  const before = stack.graders;
  if (laid.length === 0) return { stack, notes };
  const marked: Stack = {
    ...stack,
    graders: async (frame) => {
      const target = await markTarget(stack, frame);
      const here = laid.filter((each) => each.frame === null || each.frame === frame);
      const graders = here.flatMap((each) => gradersOn(each.marks, target));
      return renumbered([...((await before?.(frame)) ?? []), ...graders]);
    },
  };
  return { stack: marked, notes };
}

/** Several files each have a "Grader 1": the second becomes the next free number. */
function renumbered(graders: readonly Grader[]): Grader[] {
  const names = new Set(graders.map(({ name }) => name));
  if (names.size === graders.length) return [...graders];
  return graders.map((grader, i) => ({ ...grader, name: `Grader ${i + 1}` }));
}
