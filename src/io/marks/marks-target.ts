import type { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
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
  readonly notes: readonly Text[];
  /** Why marks were left out, each also a note. */
  readonly refusals: readonly GraderspaceError[];
}

/**
 * The stack with what its graders drew, whatever files that came from, over those it has. Marks that say nothing of
 * their place belong to one picture, `shown`; those that belong to no picture here are left out, with a sentence each.
 * Who shares a name with a grader of another file has one name of their own on all pictures.
 */
export async function withMarks(stack: Stack, marks: readonly Marks[], shown: number = stack.start): Promise<Marked> {
  const { belongsTo, graderNames, gradersOn } = await import("./marks.ts");
  const places = Array.from({ length: stack.frames }, (_, frame) => stack.place(frame));
  const slice = await stack.slice(shown);
  const notes: Text[] = [];
  const refusals: GraderspaceError[] = [];
  const laid: { readonly marks: Marks; readonly frame: number | null }[] = [];
  for (const each of marks) {
    const { alone, note, refusal } = belongsTo(each, { slice, places, shown });
    if (note) notes.push(note);
    if (refusal) {
      notes.push(say`Left out: ${refusal.sentence}`);
      refusals.push(refusal);
    } else laid.push({ marks: each, frame: alone ? shown : null });
  }
  const on = laid.find(({ frame }) => frame !== null);
  if (on && stack.frames > 1) {
    notes.push(say`${baseName(on.marks.file)} says nothing of its place: it is laid over ${stack.label(shown)} alone`);
  }
  const before = stack.graders;
  if (laid.length === 0) return { stack, notes, refusals };
  const names = distinct(laid.flatMap((each) => graderNames(each.marks)));
  const marked: Stack = {
    ...stack,
    graders: async (frame) => {
      const target = await markTarget(stack, frame);
      const all = laid.flatMap((each): (Grader | null)[] => {
        if (each.frame === null || each.frame === frame) return gradersOn(each.marks, target);
        return graderNames(each.marks).map(() => null);
      });
      const graders = all.flatMap((grader, i) => (grader ? [{ ...grader, name: names[i] as string }] : []));
      const had = (await before?.(frame)) ?? [];
      const called = distinct([...had, ...graders].map(({ name }) => name));
      return [...had, ...graders].map((grader, i) => ({ ...grader, name: called[i] as string }));
    },
  };
  return { stack: marked, notes, refusals };
}

/** Several files each have a "Grader 1": all are then numbered. */
function distinct(names: readonly string[]): readonly string[] {
  return new Set(names).size === names.length ? names : names.map((_, i) => `Grader ${i + 1}`);
}
