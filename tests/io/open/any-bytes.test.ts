import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { openFile } from "../../../src/io/open/open.ts";
import { tarBytes } from "../../support/tar-bytes.ts";

const letters = (text: string) => [...new TextEncoder().encode(text)];

/** What each format begins with: any bytes behind it must end in a value or a tagged error. */
const BEGINNINGS: Readonly<Record<string, readonly number[]>> = {
  nothing: [],
  DICOM: [
    ...new Array(128).fill(0),
    ...letters("DICM"),
    2,
    0,
    16,
    0,
    ...letters("UI"),
    20,
    0,
    ...letters("1.2.840.10008.1.2.1\0"),
  ],
  "DICOM without preamble": [8, 0, 5, 0, ...letters("CS"), 10, 0, ...letters("ISO_IR 100")],
  PNG: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, ...letters("IHDR")],
  JPEG: [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8],
  npy: [0x93, ...letters("NUMPY"), 1, 0],
  zip: letters("PK\x03\x04"),
  gzip: [0x1f, 0x8b, 8, 0],
  tar: [...tarBytes({ "a.png": new Uint8Array(0) }).subarray(0, 512)],
  NRRD: letters("NRRD0004\ntype: uchar\n"),
  MetaImage: letters(
    "ObjectType = Image\nNDims = 2\nDimSize = 3 2\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n",
  ),
  XML: letters("<LidcReadMessage>"),
  JSON: letters('{"version":1,'),
  safetensors: [16, 0, 0, 0, 0, 0, 0, 0, ...letters('{"a":')],
};

describe("any bytes whatever", () => {
  it.each(Object.entries(BEGINNINGS))(
    "behind the beginning of %s end in a value or a tagged error",
    async (_, start) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (rest) => {
          const outcome = await openFile({ name: "any", bytes: Uint8Array.from([...start, ...rest]) }).then(
            async (opened) =>
              opened.kind === "image" ? opened.stack.slice(opened.stack.start).catch((error) => error) : null,
            (error) => error,
          );
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(GraderspaceError);
        }),
        { seed: 7, numRuns: 60 },
      );
    },
  );
});
