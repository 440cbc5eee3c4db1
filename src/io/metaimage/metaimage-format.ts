import { leadingText } from "../bytes/letters.ts";
import type { Format } from "../open/format.ts";

export const METAIMAGE: Format = {
  kind: "metaimage",
  title: "MetaImage",
  // Writers begin with the type of object; that one may be left out, and the number of axes then comes first.
  recognise: (head) => /^(ObjectType[ \t]*=[ \t]*Image\b|NDims[ \t]*=)/.test(leadingText(head)),
  detached: async (head, file) => (await import("./metaimage-detached.ts")).detachedMetaImage(head, file),
  open: async (file) => {
    const { openMetaImage } = await import("./metaimage.ts");
    return { holds: "volume", stack: await openMetaImage(await file.read(), file.name) };
  },
};
