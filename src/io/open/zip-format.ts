import { startsWith } from "../bytes/letters.ts";
import type { Format } from "./format.ts";

/** Any zip: an npz is a volume, another holds files. */
export const ZIP: Format = {
  kind: "zip",
  title: "npz",
  recognise: (head) => startsWith(head, "PK\x03\x04") || startsWith(head, "PK\x05\x06"),
  open: async (file) => {
    const { openZip } = await import("../bytes/zip.ts");
    const { looksLikeNpz, openNpz } = await import("../numpy/npz.ts");
    const entries = openZip(await file.read(), file.name);
    if (!looksLikeNpz(entries)) return { holds: "files", files: entries };
    const { holdsSamples, readSampleFile } = await import("../samples/sample-file.ts");
    const { openNpzImage } = await import("../numpy/npz-image.ts");
    const arrays = openNpz(entries, file.name);
    const samples = holdsSamples(arrays) ? await readSampleFile(entries, file.name) : null;
    if (samples && !arrays.has("images")) return { holds: "samples", samples };
    const stack = openNpzImage(entries, file.name);
    return { holds: "volume", stack, neverLabels: true, ...(samples && { samples }) };
  },
};
