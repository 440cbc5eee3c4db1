import { inflateHead } from "../bytes/inflate.ts";
import { startsWith } from "../bytes/letters.ts";
import type { Format } from "../open/format.ts";

export const NIFTI: Format = {
  kind: "nifti",
  title: "NIfTI",
  recognise: (head) => isNifti(startsWith(head, "\x1f\x8b") ? inflateHead(head, "gzip", 352) : head),
  open: async (file) => {
    const { openNifti } = await import("./nifti.ts");
    return { holds: "volume", stack: await openNifti(await file.read(), file.name) };
  },
};

/** The size of the header, 348 or 540, in either byte order, and the magic word. */
function isNifti(head: Uint8Array): boolean {
  if (head.length < 348) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const size = [view.getInt32(0, true), view.getInt32(0, false)];
  if (size.includes(348)) return startsWith(head, "n+1", 344) || startsWith(head, "ni1", 344);
  return size.includes(540) && (startsWith(head, "n+2", 4) || startsWith(head, "ni2", 4));
}
