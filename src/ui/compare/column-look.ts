import { type SystemMark, systemMark } from "../evaluate/system-marks.ts";

/** From Tol's light set, apart for colour-blind eyes and from the graders' colours. */
const COLOURS = ["#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#44bb99", "#bbcc33", "#aaaa00"] as const;

/** The columns of the comparison, in their order: dashes and shapes say the same without colour. */
export function columnLook(index: number): SystemMark {
  return { ...systemMark(index), colour: COLOURS[index % COLOURS.length] ?? COLOURS[0] };
}
