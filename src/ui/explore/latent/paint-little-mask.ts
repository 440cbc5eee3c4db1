import type { State } from "../../../state/app/shape.ts";
import { encodeKey } from "../../../state/explore/keys.ts";
import type { Axis } from "../../../state/explore/latent/directions.ts";
import { CELL } from "../../../state/explore/latent/little-mask.ts";
import type { Ends } from "../../../state/explore/latent/masks-over-z.ts";
import { littleMaskRgba } from "./little-mask-rgba.ts";

/** A little mask over all of its canvas; nothing where there is none. */
export function paintLittleMask(context: CanvasRenderingContext2D, bytes: Uint8Array | null, threshold: number): void {
  context.clearRect(0, 0, CELL, CELL);
  if (!bytes) return;
  const picture = new ImageData(CELL, CELL);
  littleMaskRgba(bytes, threshold, picture.data, 0, 4 * CELL, CELL);
  context.putImageData(picture, 0, 0);
}

/** The masks at both ends of an axis or a mode. */
export function endOf(state: State, { name }: Pick<Axis, "name">): Ends | undefined {
  const key = encodeKey(state);
  if (key === null) return undefined;
  const rank = /^mode (\d+)$/.exec(name)?.[1];
  if (rank) return state.modes?.key === key ? state.modes.value[Number(rank) - 1] : undefined;
  return state.ends?.key === key ? state.ends.value[name] : undefined;
}
