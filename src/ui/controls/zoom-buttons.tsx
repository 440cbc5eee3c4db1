import type { ReactNode } from "react";
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
  return (
    <div className="zoom-buttons">
      {zoom > 1 && <span className="zoom-value">{zoom.toFixed(1)}×</span>}
      {children}
      <IconButton
        icon="whole"
        label={`Whole ${of}`}
        title={`Show the whole ${of}`}
        disabled={zoom === 1}
        onClick={onWhole}
      />
      <IconButton
        icon="minus"
        label={`Zoom out of the ${of}`}
        title="Zoom out (−)"
        disabled={zoom === 1}
        onClick={() => zoomBy(1 / STEP)}
      />
      <IconButton
        icon="plus"
        label={`Zoom into the ${of}`}
        title="Zoom in (+), or turn the wheel over the picture"
        onClick={() => zoomBy(STEP)}
      />
    </div>
  );
}

export const STEP = 1.5;
