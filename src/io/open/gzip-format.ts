import { inflateHead } from "../bytes/inflate.ts";
import { startsWith } from "../bytes/letters.ts";
import { looksLikeTar } from "../bytes/tar.ts";
import { NIFTI } from "../nifti/nifti-format.ts";
import { type Format, HEAD_BYTES } from "./format.ts";

/** What the largest of the headers takes that tell what is packed. */
const INNER_HEAD = 512;

/** One file packed by gzip, or a tar of many. NIfTI has a packing of its own, which is unpacked no further than its size. */
export const GZIP: Format = {
  kind: "gzip",
  title: null,
  recognise: (head) => startsWith(head, "\x1f\x8b") && !NIFTI.recognise(head),
  open: async (file) => {
    const { inflateAll } = await import("../bytes/inflate.ts");
    const { inflatedLimit } = await import("../bytes/limits.ts");
    const unpack = async () => {
      const packed = await file.read();
      return inflateAll(packed, "gzip", inflatedLimit(packed.length), file.name);
    };
    const bytes = await unpack();
    if (looksLikeTar(bytes)) {
      const { openTar } = await import("../bytes/tar.ts");
      return { holds: "files", files: openTar(bytes, file.name) };
    }
    // For the first who reads it; of a series, whose files are read again one at a time, not all are held.
    let once: Uint8Array | null = bytes;
    const head = bytes.slice(0, HEAD_BYTES);
    const read = async () => {
      const whole = once ?? (await unpack());
      once = null;
      return whole;
    };
    const name = file.name.replace(/\.gz$/i, "");
    return { holds: "packed", file: { name, size: bytes.length, read, head: (count) => head.subarray(0, count) } };
  },
};

/** Whether a gzip holds a tar, of its first bytes. */
export function holdsTar(head: Uint8Array): boolean {
  return startsWith(head, "\x1f\x8b") && looksLikeTar(inflateHead(head, "gzip", INNER_HEAD));
}
