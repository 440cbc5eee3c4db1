import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { inflateUpTo } from "../bytes/inflate.ts";
import { checkVolumeSize } from "../bytes/limits.ts";
import { bytesPerNumber, readNumbers } from "../bytes/numbers.ts";
import { surplusNotes } from "../bytes/surplus.ts";
import { sliceGeometry } from "../geometry/affine-geometry.ts";
import { placeLabel, type Stack } from "../stack/stack.ts";
import { volumeStack } from "../stack/volume-stack.ts";
import { type MetaImageHeader, readMetaImageHeader } from "./metaimage-header.ts";

/**
 * .mha as a stack of its slices: 2-D to 4-D, raw and zlib, both byte orders. Its numbers have no unit that it names.
 * @throws DamagedFile, TruncatedFile, UnsupportedPixels, TooLarge
 */
export async function openMetaImage(bytes: Uint8Array, name: string): Promise<Stack> {
  const header = readMetaImageHeader(bytes, name);
  const { type, littleEndian, spacingMm, place, volumes } = header;
  const [width, height, slices] = header.size;
  const frames = slices * volumes;
  const pixels = width * height;
  const frameBytes = pixels * bytesPerNumber(type);
  checkVolumeSize(name, frameBytes * frames, bytes.length);
  const stored = await storedBytes(bytes.subarray(header.offset), header, frameBytes * frames, name);
  const geometry = (frame: number) => (place ? sliceGeometry(place.origin, ...place.steps, frame % slices) : null);
  return volumeStack({
    name,
    format: "metaimage",
    width,
    height,
    frames,
    type,
    channels: volumes,
    start: Math.floor((slices - 1) / 2),
    spacingMm,
    geometry,
    notes: [...header.notes, ...stored.notes],
    label: (frame) => placeLabel(frame, frames, geometry(frame)),
    values: (frame) => {
      if ((frame + 1) * frameBytes > stored.bytes.length) throw cutShort(name, frame, frames);
      return readNumbers(stored.bytes, type, frame * frameBytes, pixels, littleEndian);
    },
  });
}

/** The numbers as they lie, unpacked, and the sentence where there are more than the header declares. */
async function storedBytes(
  data: Uint8Array,
  { compressed, compressedBytes }: MetaImageHeader,
  needed: number,
  name: string,
): Promise<{ bytes: Uint8Array; notes: Text[] }> {
  if (!compressed) return { bytes: data, notes: surplusNotes(name, needed, data.length) };
  const packed = compressedBytes ?? data.length;
  const { bytes, length } = await inflateUpTo(data.subarray(0, packed), "deflate", needed, name);
  return { bytes, notes: [...surplusNotes(name, needed, length), ...surplusNotes(name, packed, data.length)] };
}

function cutShort(file: string, frame: number, frames: number): GraderspaceError {
  return new GraderspaceError("TruncatedFile", {
    file,
    problem: say`it ends before slice ${frame + 1} of ${frames} is complete`,
    remedy: say`download or export it again`,
  });
}
