import { GraderspaceError } from "../../core/errors.ts";
import type { Grader, Slice } from "../../core/values/slice.ts";
import type { SourceFile } from "../../io/bytes/source-file.ts";
import type { Marks } from "../../io/marks/marks.ts";
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

/** The case with more marks laid over it; those of an example's simulated graders go. */
export function withMarksOn(found: Case, marks: Marks): Case {
  return {
    ...found,
    read: async (index) => {
      const { slice, graders } = await found.read(index);
      const { gradersOn } = await import("../../io/marks/marks.ts");
      const { markTarget } = await import("../../io/marks/marks-target.ts");
      const alone = { slice, sopInstanceUid: null, seriesInstanceUid: null, frame: null };
      const target = found.stack ? await markTarget(found.stack, index) : alone;
      return { slice, graders: [...(found.own ? graders : []), ...gradersOn(marks, target)] };
    },
  };
}

export function wrongSlice(file: string): GraderspaceError {
  return new GraderspaceError("WrongSession", {
    file,
    problem: "the session beside it is about another slice",
    remedy: "open the session with the slice it was made from",
  });
}
