import type { Grader } from "../../core/values/slice.ts";
import type { Stack } from "../stack/stack.ts";
import type { MarkTarget } from "./mark-plane.ts";
import type { Marks } from "./marks.ts";

/** What identifies picture `frame` of a stack to a file of marks. */
export async function markTarget(stack: Stack, frame: number): Promise<MarkTarget> {
  const slice = await stack.slice(frame);
  const origin = await stack.origin(frame);
  if (origin.kind !== "dicom") {
    return { slice, sopInstanceUid: null, seriesInstanceUid: null, frame: stack.frames > 1 ? frame : null };
  }
  return {
    slice,
    sopInstanceUid: origin.dataset.text(0x00080018),
    seriesInstanceUid: origin.dataset.text(0x0020000e),
    frame: origin.frames > 1 ? origin.frame : null,
  };
}

/** The stack with what its graders drew, whatever files that came from. Loaded when first asked for. */
export function withMarks(stack: Stack, marks: readonly Marks[]): Stack {
  return {
    ...stack,
    graders: async (frame) => {
      const { gradersOn } = await import("./marks.ts");
      const target = await markTarget(stack, frame);
      const graders = marks.flatMap((each) => gradersOn(each, target));
      return marks.length > 1 ? renumbered(graders) : graders;
    },
  };
}

/** Several files each have a "Grader 1": the second becomes the next free number. */
function renumbered(graders: readonly Grader[]): Grader[] {
  const names = new Set(graders.map(({ name }) => name));
  if (names.size === graders.length) return [...graders];
  return graders.map((grader, i) => ({ ...grader, name: `Grader ${i + 1}` }));
}
