import { npySlice } from "../../src/io/numpy/npy.ts";
import type { readPack } from "../../src/io/pack/pack.ts";
import { pngSlice } from "../../src/io/raster/png.ts";

/** Opens what packs written here hold, npy and grey PNG, without the recognising of the real opener. */
export const openPicture: Parameters<typeof readPack>[2] = async (file) => {
  const open = file.name.endsWith(".png") ? pngSlice : npySlice;
  return open(await file.read(), file.name);
};
