import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import { type ColourTable, type Rgb, tableIndex } from "./colour.ts";

/** A mask filled with one colour. */
export interface Fill {
  /** [H,W] of 0 and 1 */
  readonly bits: Uint8Array;
  readonly colour: Rgb;
  /** 0…1 */
  readonly opacity: number;
}

/** A map over the picture, in the colours of a table. */
export interface MapLayer {
  /** [H,W]; NaN is left clear. */
  readonly values: Float32Array;
  /** The values at the table's first and last colour. */
  readonly range: readonly [number, number];
  readonly table: ColourTable;
  /** 0…1 */
  readonly opacity: number;
  /** True: clear at the low end of the range, growing to `opacity` at a quarter of it, so that the CT shows where nothing is said. */
  readonly fade?: boolean;
}

export interface RegionPicture {
  readonly width: number;
  readonly height: number;
  /** [H,W] after the window. */
  readonly grey: Uint8Array | Uint8ClampedArray;
  readonly map?: MapLayer | null;
  /** Painted over the map, in this order. */
  readonly fills?: readonly Fill[];
}

/** Grey, then the map, then the fills, each blended over what lies below; RGBA [H,W,4], opaque. */
export function composeRegion({ width, height, grey, map, fills = [] }: RegionPicture): Uint8ClampedArray<ArrayBuffer> {
  const pixels = width * height;
  for (const length of [grey.length, map?.values.length ?? pixels, ...fills.map(({ bits }) => bits.length)]) {
    if (length === pixels) continue;
    throw new GraderspaceError("BadArgument", {
      problem: say`a layer of ${length} pixels does not fit ${width} × ${height}`,
    });
  }
  const rgba = new Uint8ClampedArray(4 * pixels);
  for (let i = 0; i < pixels; i++) {
    rgba.fill(grey[i] as number, 4 * i, 4 * i + 3);
    rgba[4 * i + 3] = 255;
  }
  if (map) paintMap(rgba, map);
  for (const { bits, colour, opacity } of fills) {
    for (let i = 0; i < pixels; i++) if (bits[i] !== 0) blend(rgba, i, colour, 0, opacity);
  }
  return rgba;
}

const FADED_IN = 0.25;

function paintMap(rgba: Uint8ClampedArray, { values, range, table, opacity, fade = false }: MapLayer): void {
  const [low, high] = range;
  const scale = high > low ? 1 / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const fraction = ((values[i] as number) - low) * scale;
    if (Number.isNaN(fraction)) continue;
    const strength = fade ? Math.min(1, Math.max(0, fraction / FADED_IN)) : 1;
    blend(rgba, i, table, 3 * tableIndex(fraction), opacity * strength);
  }
}

/** Colour `from[at…at+2]` over pixel `i`. */
function blend(rgba: Uint8ClampedArray, i: number, from: ArrayLike<number>, at: number, opacity: number): void {
  for (let c = 0; c < 3; c++) {
    const below = rgba[4 * i + c] as number;
    rgba[4 * i + c] = below + opacity * ((from[at + c] as number) - below);
  }
}
