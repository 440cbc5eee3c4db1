import { GraderspaceError } from "../core/errors.ts";
import type { Geometry, Slice } from "../core/slice.ts";
import { sliceGeometry } from "./affine-geometry.ts";
import { inflateAll } from "./inflate.ts";
import { inflatedLimit, LIMITS } from "./limits.ts";
import { type NrrdHeader, type NrrdType, readNrrdHeader } from "./nrrd-header.ts";
import { checkFrame, plainStack, type Stack } from "./stack.ts";

type Read = (view: DataView, at: number, little: boolean) => number;

const READERS: Readonly<Record<NrrdType, Read>> = {
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** A volume read one slice at a time. */
export interface NrrdVolume {
  readonly header: NrrdHeader;
  /** [rows, columns] of slice k of a layer. @throws TruncatedFile */
  values(k: number, layer: number): Float32Array;
  geometry(k: number): Geometry | null;
}

/** Reads .nrrd: raw, gzip and text, both byte orders. @throws DamagedFile, TruncatedFile, UnsupportedPixels, TooLarge */
export async function openNrrd(bytes: Uint8Array, name: string): Promise<NrrdVolume> {
  const header = readNrrdHeader(bytes, name);
  const [width, height, depth] = header.size;
  const items = width * height * depth * header.layers;
  const itemBytes = header.encoding === "text" ? 8 : Number(header.type.slice(1));
  if (items * itemBytes > inflatedLimit(bytes.length)) {
    throw new GraderspaceError("TooLarge", {
      file: name,
      problem: `its volume takes ${items * itemBytes} bytes`,
      remedy: "save a part of it",
    });
  }
  const packed = bytes.subarray(skipLines(bytes, header.offset, header.lineSkip));
  const { view, read, step, little } = await dataOf(packed, header, items, name);
  const there = Math.floor(view.byteLength / step);
  return {
    header,
    geometry: (k) => geometryOf(header, k),
    values: (k, layer) => {
      const values = new Float32Array(width * height);
      const stride = header.layersFirst ? header.layers : 1;
      const first = header.layersFirst
        ? layer + header.layers * k * values.length
        : (layer * depth + k) * values.length;
      if (first + stride * (values.length - 1) >= there) {
        throw new GraderspaceError("TruncatedFile", {
          file: name,
          problem: `it ends before slice ${k + 1} of ${depth} is complete`,
          remedy: "download or export it again",
        });
      }
      for (let i = 0; i < values.length; i++) values[i] = read(view, (first + stride * i) * step, little);
      return values;
    },
  };
}

async function dataOf(packed: Uint8Array, header: NrrdHeader, items: number, name: string) {
  const itemBytes = Number(header.type.slice(1));
  const little = header.littleEndian;
  if (header.encoding === "text") {
    const words = new TextDecoder()
      .decode(packed.subarray(0, LIMITS.inflatedBytes / 8))
      .trim()
      .split(/[\s,]+/, items);
    const view = new DataView(new ArrayBuffer(8 * words.length));
    for (const [i, word] of words.entries()) view.setFloat64(8 * i, Number(word), true);
    return { view, read: READERS.f8, step: 8, little: true };
  }
  const unpacked =
    header.encoding === "gzip" ? await inflateAll(packed, "gzip", inflatedLimit(packed.length), name) : packed;
  const skip = header.byteSkip === -1 ? Math.max(0, unpacked.length - items * itemBytes) : header.byteSkip;
  const data = unpacked.subarray(Math.min(unpacked.length, Math.max(0, skip || 0)));
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return { view, read: READERS[header.type], step: itemBytes, little };
}

function skipLines(bytes: Uint8Array, offset: number, lines: number): number {
  let at = offset;
  for (let i = 0; i < Math.min(lines, 1000); i++) {
    const end = bytes.indexOf(10, at);
    if (end < 0) return at;
    at = end + 1;
  }
  return at;
}

/** One NRRD as a stack of its slices, layer after layer. @throws as `openNrrd` */
export async function openNrrdImage(bytes: Uint8Array, name: string): Promise<Stack> {
  const volume = await openNrrd(bytes, name);
  const { header } = volume;
  const [width, height, depth] = header.size;
  const frames = depth * header.layers;
  return plainStack({
    name,
    format: "nrrd",
    frames,
    start: Math.floor((depth - 1) / 2),
    slice: async (frame): Promise<Slice> => {
      checkFrame(frame, frames, name);
      const k = frame % depth;
      return {
        width,
        height,
        values: volume.values(k, Math.floor(frame / depth)),
        unit: "stored",
        spacingMm: header.spacingMm,
        geometry: volume.geometry(k),
        padding: null,
        modality: null,
        name,
      };
    },
  });
}

function geometryOf({ directions, origin }: NrrdHeader, k: number): Geometry | null {
  return directions && origin ? sliceGeometry(origin, ...directions, k) : null;
}
