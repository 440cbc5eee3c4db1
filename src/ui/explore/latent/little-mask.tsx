import { useLayoutEffect, useRef } from "react";
import { useSelect } from "../../../state/app/react.tsx";
import type { State } from "../../../state/app/shape.ts";
import { t } from "../../../state/app/speech.ts";
import { encodeKey } from "../../../state/explore/keys.ts";
import type { Axis } from "../../../state/explore/latent/directions.ts";
import { CELL } from "../../../state/explore/latent/little-mask.ts";
import { littleMaskRgba } from "./little-mask-rgba.ts";

type LittleAxis = Pick<Axis, "name" | "label">;

/** The mask at one end (−2σ or +2σ) of an axis or a mode. */
export function LittleMask({ axis, end }: { axis: LittleAxis; end: "minus" | "plus" }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const bytes = useSelect((state) => endOf(state, axis)?.[end] ?? null);
  const threshold = useSelect((state) => state.intent.threshold);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, CELL, CELL);
    if (!bytes) return;
    const picture = new ImageData(CELL, CELL);
    littleMaskRgba(bytes, threshold, picture.data, 0, 4 * CELL, CELL);
    context.putImageData(picture, 0, 0);
  }, [bytes, threshold]);
  return (
    <canvas
      ref={canvas}
      className="little-mask"
      width={CELL}
      height={CELL}
      title={t`${axis.label} at ${end === "minus" ? "−2" : "+2"} σ, the rest at the prior mean`}
    />
  );
}

function endOf(state: State, { name }: LittleAxis) {
  const key = encodeKey(state);
  if (key === null) return undefined;
  const rank = /^mode (\d+)$/.exec(name)?.[1];
  if (rank) return state.modes?.key === key ? state.modes.value[Number(rank) - 1] : undefined;
  return state.ends?.key === key ? state.ends.value[name] : undefined;
}
