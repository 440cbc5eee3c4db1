import { leadingText } from "../../bytes/letters.ts";
import type { Format } from "../../open/format.ts";

/** Any XML: what is no LIDC read is refused as such. */
export const LIDC: Format = {
  kind: "lidc-xml",
  title: "LIDC XML",
  recognise: (head) => leadingText(head).startsWith("<"),
  open: async (file) => {
    const { readLidcXml } = await import("./lidc-xml.ts");
    const read = readLidcXml(await file.read(), file.name);
    return { holds: "marks", marks: read, notes: read.notes };
  },
};
