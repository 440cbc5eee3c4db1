import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { HEAD_BYTES } from "../../../src/io/open/format.ts";
import { formatOf, openContent } from "../../../src/io/open/recognise.ts";
import { FORMATS } from "../../../src/io/open/registry.ts";
import { datasetBytes, dicomBytes, tinyCt } from "../../support/dicom-bytes.ts";
import { tarBytes } from "../../support/tar-bytes.ts";
import { lidcXml, metaImageBytes, niftiBytes, nrrdBytes, pngBytes, sessionBytes } from "../hostile/seed-files.ts";

const text = (value: string) => new TextEncoder().encode(value);

const SAMPLES: readonly (readonly [string, Uint8Array])[] = [
  ["dicom", dicomBytes("1.2.840.10008.1.2.1", tinyCt())],
  ["dicom", datasetBytes(tinyCt(), { explicit: true })],
  ["dicom", datasetBytes(tinyCt(), { explicit: false })],
  ["dicom", datasetBytes(tinyCt(), { bigEndian: true })],
  ["png", pngBytes(0, 8)],
  ["jpeg", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
  ["npy", Uint8Array.of(0x93, ...text("NUMPY"), 1, 0)],
  ["zip", zipSync({ a: text("x") })],
  ["zip", zipSync({})],
  ["nifti", niftiBytes(true)],
  ["nifti", niftiBytes(false)],
  ["nifti", new Uint8Array(gzipSync(niftiBytes(true)))],
  ["gzip", new Uint8Array(gzipSync(text("a letter")))],
  ["tar", tarBytes({ "a.json": text("x") })],
  ["nrrd", nrrdBytes("raw")],
  ["metaimage", metaImageBytes("raw")],
  ["metaimage", text("NDims = 3\nDimSize = 1 1 1\n")],
  ["lidc-xml", lidcXml()],
  ["lidc-xml", Uint8Array.from([0xef, 0xbb, 0xbf, ...text("\n <LidcReadMessage>")])],
  ["lidc-xml", Uint8Array.of(0xff, 0xfe, 0x3c, 0, 0x4c, 0)],
  ["json", sessionBytes()],
];

const OTHERS: readonly (readonly [string, Uint8Array])[] = [
  ["safetensors", Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, ...text("{}")])],
  // Its first four bytes are DICOM's (0008,0001), which would be empty.
  [
    "safetensors with a header of 65,544 bytes",
    Uint8Array.from([8, 0, 1, 0, 0, 0, 0, 0, ...text('{"a":1}'.padEnd(40))]),
  ],
  ["a letter", text("a letter to a friend, which is no picture at all")],
  ["nothing", new Uint8Array(0)],
  ["zeros", new Uint8Array(2000)],
  ["a tube of MetaIO, which is no image", text("ObjectType = Tube\nNDims = 3\n")],
];

describe("the registry", () => {
  it.each(SAMPLES)("takes %s for what it is, and for nothing else", (kind, bytes) => {
    const head = bytes.subarray(0, HEAD_BYTES);
    expect(FORMATS.filter((format) => format.recognise(head)).map((format) => format.kind)).toEqual([kind]);
  });

  it.each(OTHERS)("knows nothing of %s", (_, bytes) => {
    expect(FORMATS.filter((format) => format.recognise(bytes))).toEqual([]);
  });

  it("has a sample of every format, each under a name of its own", () => {
    const kinds = FORMATS.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect([...new Set(SAMPLES.map(([kind]) => kind))].sort()).toEqual([...kinds].sort());
  });

  it("believes a DICOM preamble before all else: what stands in it may be another format's beginning", () => {
    const bytes = Uint8Array.from(dicomBytes("1.2.840.10008.1.2.1", tinyCt()));
    bytes.set(pngBytes(0, 8).subarray(0, 16));
    expect(formatOf(bytes)?.kind).toBe("dicom");
  });

  it("believes a tar before what the name of its first file looks like", () => {
    expect(formatOf(tarBytes({ "{a}.json": text("x") }))?.kind).toBe("tar");
  });

  it("says of what it does not read what it is", async () => {
    const refusal = async (k: number) => {
      const [name, bytes] = OTHERS[k] as (typeof OTHERS)[number];
      return openContent({ name, size: bytes.length, read: async () => bytes }).catch((error) => error.message);
    };
    expect(await refusal(0)).toContain("drop config.json and the weights together");
    expect(await refusal(2)).toContain("of no format that is read; open DICOM, NIfTI");
  });
});
