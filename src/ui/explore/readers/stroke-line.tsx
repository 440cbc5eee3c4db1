import { say, type Text } from "../../../core/language/say.ts";
import type { Placement } from "../../../core/values/viewport.ts";
import type { Lasso } from "../../../state/app/intent.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { said } from "../../../state/app/speech.ts";
import { drawingReader } from "../../../state/cases/on-screen.ts";
import { slotColour } from "../../app/colours.ts";

const STROKES: Readonly<Record<Lasso, Text>> = {
  off: say`Drawing`,
  redraw: say`Drawing an outline`,
  add: say`Drawing: adding to the outline`,
  subtract: say`Drawing: taking away from the outline`,
  brush: say`Drawing with the brush`,
  erase: say`Drawing with the eraser`,
};

/**
 * The stroke under way, and how wide the brush is: `line` x, y, x, y … and `pointer` in the region's pixels from its
 * corner; `at` null where there is no picture.
 */
export function StrokeLine(props: {
  readonly line: readonly number[];
  readonly pointer: { readonly x: number; readonly y: number } | null;
  readonly at: Placement | null;
}) {
  const { line, pointer, at } = props;
  const lasso = useSelect((state) => state.lasso);
  const diameter = useSelect((state) => state.brush);
  const colour = useSelect((state) => slotColour(drawingReader(state).slot));
  const round = lasso === "brush" || lasso === "erase";
  const points: string[] = [];
  for (let i = 0; at && i < line.length; i += 2) {
    const [x, y] = [line[i] as number, line[i + 1] as number];
    points.push(`${(at.left + x * at.scale).toFixed(1)} ${(at.top + y * at.scaleY).toFixed(1)}`);
  }
  // A tap has one point: a line to itself is a dot.
  const path = points.length > 0 ? `M${points.join("L")}${points.length === 1 ? `L${points[0]}` : ""}` : "";
  const wide = at ? diameter * at.scale : 0;
  return (
    <svg className="lasso" role="application" aria-label={said(STROKES[lasso])}>
      {round ? (
        <path
          d={path}
          fill="none"
          stroke={lasso === "brush" ? `${colour}66` : "rgb(255 255 255 / 28%)"}
          strokeWidth={wide}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      ) : (
        <path d={path} fill={`${colour}22`} stroke={colour} strokeWidth="2" />
      )}
      {round && pointer && at && (
        <circle
          cx={at.left + pointer.x * at.scale}
          cy={at.top + pointer.y * at.scaleY}
          r={wide / 2}
          fill="none"
          stroke={lasso === "brush" ? colour : "#ffffff"}
          strokeWidth="1.25"
          strokeDasharray={lasso === "erase" ? "3 3" : undefined}
        />
      )}
    </svg>
  );
}
