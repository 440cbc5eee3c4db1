import { pictureShape, readItems, readNpyHeader } from "../../src/io/numpy/npy.ts";
import type { OpenPicture } from "../../src/io/pack/pack.ts";
import { decodePng } from "../../src/io/raster/png.ts";

/** Opens what packs written here hold, npy and grey PNG, without the sniffing of the real opener. */
export const openPicture: OpenPicture = async (file) => {
  const bytes = await file.read();
  const rest = {
    unit: "stored",
    spacingMm: null,
    geometry: null,
    padding: null,
    modality: null,
    name: file.name,
  } as const;
  if (file.name.endsWith(".png")) {
    const { width, height, samples } = decodePng(bytes, file.name);
    return { width, height, values: Float32Array.from(samples), ...rest };
  }
  const header = readNpyHeader(bytes, file.name);
  const { width, height } = pictureShape(header, file.name);
  return { width, height, values: readItems(bytes.subarray(header.offset), header, 0, width * height), ...rest };
};
