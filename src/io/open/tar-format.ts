import { looksLikeTar } from "../bytes/tar.ts";
import { hasPreamble } from "../dicom/signature.ts";
import type { Format } from "./format.ts";

export const TAR: Format = {
  kind: "tar",
  title: null,
  // A preamble of DICOM is 128 bytes of anything, and its data set may say anything behind them.
  recognise: (head) => looksLikeTar(head) && !hasPreamble(head),
  open: async (file) => {
    const { openTar } = await import("../bytes/tar.ts");
    return { holds: "files", files: openTar(await file.read(), file.name) };
  },
};
