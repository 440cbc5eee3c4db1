import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { sniff } from "../../../src/io/open/sniff.ts";
import { datasetBytes, dicomBytes, tinyCt } from "../../support/dicom-bytes.ts";
import { lidcXml, niftiBytes, nrrdBytes, pngBytes, sessionBytes } from "../hostile/seed-files.ts";

const text = (value: string) => new TextEncoder().encode(value);

describe("what a file is, by its first bytes", () => {
  it.each([
    ["dicom", dicomBytes("1.2.840.10008.1.2.1", tinyCt())],
    ["dicom", datasetBytes(tinyCt(), { explicit: true })],
    ["dicom", datasetBytes(tinyCt(), { explicit: false })],
    ["dicom", datasetBytes(tinyCt(), { bigEndian: true })],
    ["png", pngBytes(0, 8)],
    ["jpeg", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ["npy", Uint8Array.of(0x93, ...text("NUMPY"), 1, 0)],
    ["zip", zipSync({ a: text("x") })],
    ["nifti", niftiBytes(true)],
    ["nifti", niftiBytes(false)],
    ["nifti-gz", new Uint8Array(gzipSync(niftiBytes(true)))],
    ["gzip", new Uint8Array(gzipSync(text("a letter")))],
    ["nrrd", nrrdBytes("raw")],
    ["xml", lidcXml()],
    ["xml", Uint8Array.from([0xef, 0xbb, 0xbf, ...text("\n <LidcReadMessage>")])],
    ["json", sessionBytes()],
    ["safetensors", Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, ...text("{}")])],
    [null, text("a letter to a friend, which is no picture at all")],
    [null, new Uint8Array(0)],
    [null, new Uint8Array(2000)],
  ])("%s", (kind, bytes) => {
    expect(sniff(bytes.subarray(0, 4096))).toBe(kind);
  });
});
