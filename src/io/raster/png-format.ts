import { startsWith } from "../bytes/letters.ts";
import type { Format } from "../open/format.ts";
import { PNG_SIGNATURE } from "./png-signature.ts";

export const PNG: Format = {
  kind: "png",
  title: "PNG",
  recognise: (head) => startsWith(head, PNG_SIGNATURE),
  open: async (file) => {
    const { name } = file;
    const { decodePng } = await import("./png.ts");
    const raster = decodePng(await file.read(), name);
    const picture = { name, format: "png", raster, notes: raster.notes ?? [] };
    return { holds: "picture", picture };
  },
};
