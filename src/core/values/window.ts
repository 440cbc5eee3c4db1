/** The grey values a picture shows: from centre − width/2 (black) to centre + width/2 (white), in the slice's unit. */
export interface GreyWindow {
  readonly centre: number;
  readonly width: number;
}

/** In the order of the keys 1–5. A null window is the slice's own full range. */
export const WINDOW_PRESETS: readonly { readonly name: string; readonly window: GreyWindow | null }[] = [
  { name: "lung", window: { centre: -600, width: 1500 } },
  { name: "soft tissue", window: { centre: 40, width: 400 } },
  { name: "mediastinum", window: { centre: 50, width: 350 } },
  { name: "bone", window: { centre: 400, width: 1800 } },
  { name: "full", window: null },
];

/**
 * Greys 0…255 of values under a window, linear between its ends (DICOM PS3.3 C.11.2.1.3.2, LINEAR_EXACT); NaN is
 * black. `inverted`: MONOCHROME1, where low is white: after the window, for display only.
 */
export function applyWindow(values: Float32Array, centre: number, width: number, inverted = false): Uint8ClampedArray {
  const low = centre - width / 2;
  const scale = 255 / Math.max(1e-6, width);
  const greys = new Uint8ClampedArray(values.length);
  for (let i = 0; i < values.length; i++) {
    const grey = ((values[i] as number) - low) * scale;
    greys[i] = inverted ? 255 - grey : grey;
  }
  return greys;
}
