import { type PointerEvent, useRef, useState } from "react";
import { REGION } from "../../core/region.ts";
import { regionOrigin } from "../../state/keys.ts";
import { useActions, useSelect } from "../../state/react.tsx";
import { slotColour } from "../colours.ts";
import { fitted } from "./bitmap.ts";

/** Over the region: takes the lasso's line while it is switched on. */
export function LassoLayer() {
  const lasso = useSelect((state) => state.lasso);
  const x0 = useSelect((state) => regionOrigin(state)?.[0]);
  const y0 = useSelect((state) => regionOrigin(state)?.[1]);
  const { drawYou } = useActions();
  const line = useRef<number[]>([]);
  const [shown, setShown] = useState("");
  if (lasso === "off") return null;

  const add = (event: PointerEvent<Element>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = fitted(REGION, REGION, box.width, box.height);
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    // Pixel centres are whole numbers: half a pixel before the edge of the first one is −0.5.
    const [x, y] = [(left - at.left) / at.scale - 0.5, (top - at.top) / at.scale - 0.5];
    line.current.push((x0 ?? 0) + x, (y0 ?? 0) + y);
    setShown((path) => `${path}${path === "" ? "M" : "L"}${left.toFixed(1)} ${top.toFixed(1)}`);
  };
  return (
    <svg
      className="lasso"
      role="application"
      aria-label={`Lasso: ${lasso}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        line.current = [];
        setShown("");
        add(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons !== 0 && line.current.length > 0) add(event);
      }}
      onPointerUp={() => {
        drawYou(line.current);
        line.current = [];
        setShown("");
      }}
      onPointerCancel={() => {
        line.current = [];
        setShown("");
      }}
    >
      <path d={shown} fill={`${slotColour(4)}22`} stroke={slotColour(4)} strokeWidth="2" />
    </svg>
  );
}
