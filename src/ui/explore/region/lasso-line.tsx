import type { Placement } from "../../../core/values/viewport.ts";
import type { Lasso } from "../../../state/app/intent.ts";
import { slotColour } from "../../app/colours.ts";

/** The lasso's line under way: `line` x, y, x, y … in the region's pixels from its corner. */
export function LassoLine(props: {
  readonly lasso: Lasso;
  readonly line: readonly number[];
  readonly at: Placement | null;
}) {
  const { lasso, line, at } = props;
  const points: string[] = [];
  for (let i = 0; at && i < line.length; i += 2) {
    const [x, y] = [line[i] as number, line[i + 1] as number];
    points.push(`${(at.left + x * at.scale).toFixed(1)} ${(at.top + y * at.scaleY).toFixed(1)}`);
  }
  const path = points.length > 0 ? `M${points.join("L")}` : "";
  return (
    <svg className="lasso" role="application" aria-label={`Lasso: ${lasso}`}>
      <path d={path} fill={`${slotColour(4)}22`} stroke={slotColour(4)} strokeWidth="2" />
    </svg>
  );
}
