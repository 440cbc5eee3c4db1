import { startsWith } from "../bytes/letters.ts";
import type { Format } from "../open/format.ts";

export const NRRD: Format = {
  kind: "nrrd",
  title: "NRRD",
  recognise: (head) => startsWith(head, "NRRD000"),
  detached: async (head, file) => (await import("./nrrd-detached.ts")).detachedNrrd(head, file),
  open: async (file) => {
    const { openNrrd, nrrdStack } = await import("./nrrd.ts");
    const { isSegmentation, segmentMarks } = await import("./nrrd-segments.ts");
    const volume = await openNrrd(await file.read(), file.name);
    if (isSegmentation(volume)) return { holds: "marks", marks: segmentMarks(volume, file.name), notes: volume.notes };
    return { holds: "volume", stack: nrrdStack(volume, file.name) };
  },
};
