import type { ReactNode } from "react";
import { t } from "../../state/app/speech.ts";
import { useRoving } from "../keyboard/roving.ts";
import { IconButton } from "./icon-button.tsx";

/** Over a picture's corner: closer, further, all of it. */
export function ZoomButtons(props: {
  /** "slice", "region": what the buttons' names speak of. */
  readonly of: string;
  readonly zoom: number;
  zoomBy(factor: number): void;
  onWhole(): void;
  readonly children?: ReactNode;
}) {
  const { of, zoom, zoomBy, onWhole, children } = props;
  const group = useRoving<HTMLDivElement>("button");
  return (
    <div ref={group} className="zoom-buttons">
      {zoom > 1 && <span className="zoom-value">{zoom.toFixed(1)}×</span>}
      {children}
      <IconButton
        icon="whole"
        label={t`Whole ${of}`}
        title={t`Show the whole ${of}`}
        disabled={zoom === 1}
        onClick={onWhole}
      />
      <IconButton
        icon="minus"
        label={t`Zoom out of the ${of}`}
        title={t`Zoom out (−)`}
        disabled={zoom === 1}
        onClick={() => zoomBy(1 / STEP)}
      />
      <IconButton
        icon="plus"
        label={t`Zoom into the ${of}`}
        title={t`Zoom in (+), or turn the wheel over the picture`}
        onClick={() => zoomBy(STEP)}
      />
    </div>
  );
}

export const STEP = 1.5;
