import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { GivenSamples } from "../../core/samples/sample-set.ts";
import { checkPictureSize, checkVolumeSize } from "../bytes/limits.ts";
import type { NpzArray } from "../numpy/npz.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How the last side of an array of samples is read: a pixel an item, or eight a byte. */
interface Layout extends Size {
  readonly packed: boolean;
}

/**
 * How an array of samples [.., H, W] lies on pictures of one of these sizes: masks (whole numbers) or P (floats), or bits
 * along x, the most significant first, as `evaluate --dump` writes them.
 * @throws GeometryMismatch where it fits none; UnsupportedPixels for text and Fortran order
 */
export function layoutOn(array: NpzArray, sizes: readonly Size[], file: string): Layout {
  const { shape, type, fortranOrder } = array.header;
  const [height = 0, width = 0] = shape.slice(-2);
  if (!/^([bu]1|f[248])$/.test(type) || fortranOrder) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`\`${array.name}\` is of numpy's type ${type}${fortranOrder ? say` in Fortran order` : ""}`,
      remedy: say`save masks as uint8, or probabilities as float16 or float32, in C order`,
    });
  }
  for (const size of sizes) if (size.height === height && size.width === width) return { ...size, packed: false };
  for (const size of sizes) {
    const packed = type === "u1" && size.width > 1 && width === Math.ceil(size.width / 8);
    if (size.height === height && packed) return { ...size, packed };
  }
  const wanted = sizes.map((size) => `${size.width} × ${size.height}`).join(" or ");
  throw new GraderspaceError("GeometryMismatch", {
    file,
    problem: say`\`${array.name}\` holds pictures of ${width} × ${height} pixels, and the slice has ${wanted}`,
    remedy: say`make the samples in the size of the slice`,
  });
}

/**
 * Samples out of an array: `picks` are the places of their pictures [H, W] in it, in row order over all leading sides.
 * @throws as `layoutOn`; UnsupportedPixels where values are neither masks nor probabilities
 */
export async function samplesIn(
  array: NpzArray,
  picks: readonly number[],
  sizes: readonly Size[],
  file: string,
): Promise<GivenSamples> {
  const { width, height, packed } = layoutOn(array, sizes, file);
  checkPictureSize(file, width, height, picks.length);
  checkVolumeSize(file, picks.length * width * height, 0);
  const { shape, itemBytes } = array.header;
  const [high = 0, wide = 0] = shape.slice(-2);
  const perRow = array.rowItems / (high * wide);
  const pixels = width * height;
  const masks = array.header.type !== "f2" && array.header.type !== "f4" && array.header.type !== "f8";
  const values = masks ? new Uint8Array(picks.length * pixels) : new Float32Array(picks.length * pixels);
  for (const [n, pick] of picks.entries()) {
    // [H, W] alone is one row for each of its lines.
    const alone = shape.length === 2;
    const row = Math.floor(pick / perRow);
    const bytes = alone ? await array.bytes(0, array.rows) : await array.bytes(row, row + 1);
    const start = alone ? 0 : (pick % perRow) * high * wide * itemBytes;
    const own = bytes.subarray(start, start + high * wide * itemBytes);
    if (packed) unpack(own, values as Uint8Array, n * pixels, width, height);
    else if (masks) fillMask(own, values as Uint8Array, n * pixels, array.name, file);
    else fillShares(array.decode(own), values as Float32Array, n * pixels, array.name, file);
  }
  return { count: picks.length, width, height, values };
}

function unpack(bytes: Uint8Array, values: Uint8Array, from: number, width: number, height: number): void {
  const stride = Math.ceil(width / 8);
  for (let at = 0; at < stride * height; at++) {
    const byte = bytes[at] as number;
    if (byte === 0) continue; // nearly all of them
    const [x, y] = [8 * (at % stride), Math.floor(at / stride)];
    for (let i = x; i < Math.min(x + 8, width); i++) values[from + y * width + i] = (byte >> (7 - (i & 7))) & 1;
  }
}

/** A mask marks with 1 or 255. */
function fillMask(bytes: Uint8Array, values: Uint8Array, from: number, name: string, file: string): void {
  for (let i = 0; i < bytes.length; i++) {
    const value = bytes[i] as number;
    if (value > 1 && value !== 255) throw neither(name, file, value);
    values[from + i] = value === 0 ? 0 : 1;
  }
}

function fillShares(shares: Float32Array, values: Float32Array, from: number, name: string, file: string): void {
  const wrong = shares.find((share) => !(share >= 0 && share <= 1));
  if (wrong !== undefined) throw neither(name, file, wrong);
  values.set(shares, from);
}

function neither(name: string, file: string, value: number): GraderspaceError {
  return new GraderspaceError("UnsupportedPixels", {
    file,
    problem: say`\`${name}\` holds ${value}, which is neither of a mask (0 and 1) nor a probability (0 to 1)`,
    remedy: say`save masks of 0 and 1, or probabilities after the sigmoid`,
  });
}
