import { REGION } from "../../core/region.ts";
import { fitted, type Placement } from "../view/bitmap.ts";

/** Which part of the region every column shows: its middle, in pixels of the region, and how much it is enlarged. */
export interface Look {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const FIRST_LOOK: Look = { zoom: 1, x: REGION / 2, y: REGION / 2 };
const MOST_ZOOM = 16;

/** Where the region lies in a frame of this size, in CSS pixels. */
export function placed(look: Look, width: number, height: number): Placement {
  const scale = fitted(REGION, REGION, width, height).scale * look.zoom;
  return { scale, left: width / 2 - look.x * scale, top: height / 2 - look.y * scale };
}

/** The look that keeps to the region: never smaller than the frame, never past its border. */
export function within({ zoom, x, y }: Look): Look {
  const near = Math.max(1, Math.min(MOST_ZOOM, zoom));
  const half = REGION / 2 / near;
  const clamp = (value: number) => Math.max(half, Math.min(REGION - half, value));
  return { zoom: near, x: clamp(x), y: clamp(y) };
}

/** Zooms by a factor so that the region's pixel (x, y) stays where it is. */
export function zoomedAt(look: Look, factor: number, x: number, y: number): Look {
  const zoom = Math.max(1, Math.min(MOST_ZOOM, look.zoom * factor));
  const share = look.zoom / zoom;
  return within({ zoom, x: x - (x - look.x) * share, y: y - (y - look.y) * share });
}
