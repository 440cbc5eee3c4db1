import { REACH } from "../../../state/app/intent.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { type BeyondMark, marksBeyond, planeMarks } from "../../../state/explore/latent/plane-marks.ts";
import { slotColour } from "../../app/colours.ts";
import { signed } from "../../app/format.ts";
import "../../style/beyond.css";

/** Where marks lie further out than the plane shows: an arrow at its edge, and how far. `reach`: σ from the middle to the edge. */
export function Beyond({ reach }: { readonly reach: number }) {
  const beyond = marksBeyond(useSelect(planeMarks));
  return (
    <>
      {beyond.map((mark) => (
        <Arrow key={`${mark.who} ${mark.slot}`} mark={mark} reach={reach} />
      ))}
    </>
  );
}

function Arrow({ mark: { who, slot, at }, reach }: { readonly mark: BeyondMark; readonly reach: number }) {
  const [right, up] = at.map((value) => Math.max(-REACH, Math.min(REACH, value))) as [number, number];
  const outside = at.map((value) => (Math.abs(value) > REACH ? Math.sign(value) : 0)) as [number, number];
  const values = at.filter((_, i) => outside[i] !== 0).map((value) => signed(value, 1));
  const name = slot === null ? "z" : t`Mark ${who}`;
  const title = t`${name} lies at ${signed(at[0])} σ right and ${signed(at[1])} σ up: beyond the plane, which shows ±${REACH} σ`;
  return (
    <span
      className="beyond"
      role="img"
      aria-label={title}
      data-side={right > 0 ? "right" : "left"}
      title={title}
      style={{
        left: `${50 + (50 * right) / reach}%`,
        top: `${50 - (50 * up) / reach}%`,
        color: slot === null ? undefined : slotColour(slot),
      }}
    >
      <span aria-hidden="true">
        {ARROWS[1 - outside[1]]?.[1 + outside[0]]} {values.join(", ")}
      </span>
    </span>
  );
}

/** Rows from up to down, columns from left to right. */
const ARROWS = ["↖↑↗", "← →", "↙↓↘"];
