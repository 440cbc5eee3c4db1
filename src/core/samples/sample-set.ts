import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import type { Samples } from "../network/encoding.ts";
import { placeMap } from "../values/mask-placement.ts";
import type { Crop } from "../values/region.ts";

/** Samples of one picture that a method made elsewhere: masks (0 or 1) or P(lesion), [N, height, width]. */
export interface GivenSamples {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array | Float32Array;
  /** Column and row of their first pixel in the picture; missing: they cover it from its corner. */
  readonly origin?: readonly [number, number];
}

/** Samples of one method for many pictures, each read when asked for. No network stands behind them. */
export interface SampleSet {
  /** As a person calls the method. */
  readonly name: string;
  /** Samples of every picture. */
  readonly count: number;
  /** 64 hexadecimal digits that differ where the samples do, as far as that is known. */
  readonly sha256: string;
  /** Those of a picture, by its name in `Crop.picture`; null where the set has none. @throws what its file's reader throws */
  read(picture: string): Promise<GivenSamples | null>;
}

/**
 * The first `count` of them under a crop; beyond the picture's edge nothing is marked.
 * @throws GraderspaceError GeometryMismatch: they were made of another part of the picture
 */
export function samplesUnder(given: GivenSamples, { origin, size }: Crop, count: number, name: string): Samples {
  const { width, height, values, origin: from } = given;
  const [x, y] = from ?? [0, 0];
  if (from && !(x === origin[0] && y === origin[1] && width >= size && height >= size)) {
    throw new GraderspaceError("GeometryMismatch", {
      file: name,
      problem: say`its samples cover ${width} × ${height} pixels from column ${x}, row ${y} on, and the region lies elsewhere`,
      remedy: say`put the region back, or open the case again`,
    });
  }
  const pixels = width * height;
  const probabilities = new Float32Array(count * size * size);
  for (let n = 0; n < count; n++) {
    const one = Float32Array.from(values.subarray(n * pixels, (n + 1) * pixels));
    const placed = placeMap(one, { width, height }, [x - origin[0], y - origin[1]], size, size);
    probabilities.set(placed, n * size * size);
  }
  return { count, width: size, height: size, probabilities };
}
