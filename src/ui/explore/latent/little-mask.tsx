import { useLayoutEffect, useRef } from "react";
import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import type { Axis } from "../../../state/explore/latent/directions.ts";
import { CELL } from "../../../state/explore/latent/little-mask.ts";
import { takePaintedEarly } from "../../canvas/painted-early.ts";
import { endOf, paintLittleMask } from "./paint-little-mask.ts";

type LittleAxis = Pick<Axis, "name" | "label">;

/** The mask at one end (−2σ or +2σ) of an axis or a mode. */
export function LittleMask({ axis, end }: { axis: LittleAxis; end: "minus" | "plus" }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const bytes = useSelect((state) => endOf(state, axis)?.[end] ?? null);
  const threshold = useSelect((state) => state.intent.threshold);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || takePaintedEarly(context.canvas)) return;
    paintLittleMask(context, bytes, threshold);
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
