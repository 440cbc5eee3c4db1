import { say } from "../../core/language/say.ts";
import { startsWith } from "../bytes/letters.ts";
import type { Format } from "../open/format.ts";

export const JPEG: Format = {
  kind: "jpeg",
  title: "JPEG",
  recognise: (head) => startsWith(head, "\xff\xd8\xff"),
  open: async (file) => {
    const { name } = file;
    const { decodeJpeg } = await import("./jpeg.ts");
    const notes = [say`${name}: JPEG has thrown detail away; grey levels are no HU`];
    const picture = { name, format: "jpeg", raster: await decodeJpeg(await file.read(), name), notes };
    return { holds: "picture", picture };
  },
};
