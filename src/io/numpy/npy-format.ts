import type { Format } from "../open/format.ts";
import { isNpy } from "./npy-signature.ts";

export const NPY: Format = {
  kind: "npy",
  title: "npy",
  recognise: isNpy,
  open: async (file) => {
    const { openNpyImage } = await import("./npz-image.ts");
    return { holds: "volume", stack: openNpyImage(await file.read(), file.name) };
  },
};
