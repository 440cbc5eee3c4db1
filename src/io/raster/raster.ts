import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Mask, Slice } from "../../core/values/slice.ts";
import { baseName } from "../bytes/source-file.ts";
import { checkFrame, plainStack, type Stack, storedSlice } from "../stack/stack.ts";

/** Decoded samples, `channels` per pixel; a palette is already looked up. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: number;
  /** Bits per sample as stored: 1, 2, 4, 8, 16. */
  readonly depth: number;
  readonly samples: Uint8Array | Uint16Array;
  /** Where the file has a palette: its index per pixel, which is what label pictures mean. */
  readonly indices: Uint8Array | null;
  /** What was odd about the file, as sentences. */
  readonly notes?: readonly Text[];
}

/** A raster and the file it came from. */
export interface RasterFile {
  readonly name: string;
  readonly format: string;
  readonly raster: Raster;
  readonly notes?: readonly Text[];
}

/**
 * The grey values of a raster, as stored. Colour channels that are all equal are grey; others have no place here.
 * @throws UnsupportedPixels for a colour picture
 */
function greyOf(raster: Raster, file: string): Float32Array {
  const { channels, samples, width, height } = raster;
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; i++) {
    const value = samples[i * channels] as number;
    if (channels >= 3 && (samples[i * channels + 1] !== value || samples[i * channels + 2] !== value)) {
      throw new GraderspaceError("UnsupportedPixels", {
        file,
        problem: say`it is a colour picture, and colours are no measurement`,
        remedy: say`save it in grey, or open the scan itself`,
      });
    }
    values[i] = value;
  }
  return values;
}

/** Where anything is drawn: any palette index but 0, any value but 0 that is not fully transparent. */
export function drawnIn(raster: Raster): Mask {
  const { channels, samples, width, height, indices } = raster;
  const bits = new Uint8Array(width * height);
  for (let i = 0; i < bits.length; i++) {
    if (indices) {
      bits[i] = indices[i] === 0 ? 0 : 1;
      continue;
    }
    const alpha = channels === 2 || channels === 4 ? samples[i * channels + channels - 1] : 1;
    const colours = channels >= 3 ? 3 : 1;
    let drawn = 0;
    for (let c = 0; c < colours; c++) drawn |= samples[i * channels + c] as number;
    bits[i] = drawn !== 0 && alpha !== 0 ? 1 : 0;
  }
  return { width, height, bits };
}

/** The picture as a mask where its values are those of one, a JPEG's blurred ones included; null elsewhere. */
export function maskPicture(picture: RasterFile): RasterFile | null {
  const { raster, format } = picture;
  if (format === "jpeg") return looksLikeBlurredMask(raster) ? { ...picture, raster: sharpened(raster) } : null;
  return looksLikeMask(raster) ? picture : null;
}

/** A mask saved as JPEG: its two values come back blurred, so what is over the half is drawn. */
function sharpened(raster: Raster): Raster {
  const { width, height, channels, samples } = raster;
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = (samples[i * channels] as number) >= 128 ? 255 : 0;
  return { width, height, channels: 1, depth: 8, samples: grey, indices: null };
}

/** Nearly all of its values are near 0 or near 255, and both are there: a mask saved as JPEG. */
function looksLikeBlurredMask({ channels, samples }: Raster): boolean {
  let [low, high, count] = [0, 0, 0];
  for (let i = 0; i < samples.length; i += channels) {
    const value = samples[i] as number;
    if (value < 24) low++;
    else if (value > 231) high++;
    count++;
  }
  return low > 0 && high > 0 && low + high >= 0.98 * count && low >= 0.5 * count;
}

/** At most two different values, one of them 0: a mask rather than a scan. */
function looksLikeMask(raster: Raster): boolean {
  if (raster.indices) return new Set(raster.indices).size <= 2 && raster.indices.includes(0);
  const seen = new Set<number>();
  const { channels, samples } = raster;
  for (let i = 0; i < samples.length; i += channels) {
    seen.add(samples[i] as number);
    if (seen.size > 2) return false;
  }
  return seen.has(0);
}

/** In stored units; dots per inch of a picture are about paper, not about the patient. @throws as `greyOf` */
export function rasterSlice(raster: Raster, file: string): Slice {
  return storedSlice(raster, greyOf(raster, file), file);
}

/** Pictures of one size as a stack in the order given. @throws as `greyOf`, of one picture alone at once */
export function pictureStack(pictures: readonly RasterFile[], name: string): Stack {
  const [first] = pictures as [RasterFile];
  const frames = pictures.length;
  const only = frames === 1 ? rasterSlice(first.raster, first.name) : null;
  const at = (frame: number) => pictures[frame] as RasterFile;
  return plainStack({
    name: only ? first.name : name,
    format: first.format,
    frames,
    notes: only ? (first.notes ?? []) : [say`${name}: ${frames} pictures, in the order of their names`],
    label: (frame) => baseName(at(frame).name),
    notesOf: (frame) => (only ? [] : (at(frame).notes ?? [])),
    slice: async (frame) => {
      checkFrame(frame, frames, name);
      return only ?? rasterSlice(at(frame).raster, at(frame).name);
    },
  });
}
