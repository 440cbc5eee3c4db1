import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDicom } from "../../../../src/io/dicom/file.ts";
import { readSeg } from "../../../../src/io/dicom/seg/seg-read.ts";
import { openFile } from "../../../../src/io/open/open.ts";
import { python, runTool, temporaryFolder, tool } from "../../../support/tools.ts";

/**
 * Three frames of 41 × 37 pixels, so that no frame ends with a byte, as pydicom writes them: bits, whole numbers of labels, 16
 * bit labels, each plain, by RLE (pydicom's encoder) and deflated (zlib); and what pydicom itself reads of the plain ones.
 */
const PROGRAM = `
import json, sys, zlib, numpy as n
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixel_data_handlers.rle_handler import rle_encode_frame
from pydicom.pixel_data_handlers.numpy_handler import pack_bits
from pydicom import dcmread
from pydicom._uid_dict import UID_dictionary
out = sys.argv[1]
rng = n.random.default_rng(5)
H, W, F = 37, 41, 3
EXPLICIT, RLE, DEFLATED = '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.8.1'
# Younger than Debian's pydicom.
UID_dictionary[DEFLATED] = ('Deflated Image Frame Compression', 'Transfer Syntax', '', '', 'DeflatedImageFrame')
def seg(kind, values, name, syntax, sop=None):
    bits = {'BINARY': 1, 'FRACTIONAL': 8}.get(kind, values.dtype.itemsize * 8)
    d = Dataset(); d.file_meta = FileMetaDataset(); d.file_meta.TransferSyntaxUID = syntax
    d.is_little_endian, d.is_implicit_VR = True, False
    d.SOPClassUID = '1.2.840.10008.5.1.4.1.1.66.' + ('7' if kind == 'LABELMAP' else '4')
    if sop: d.SOPClassUID = sop
    d.SOPInstanceUID = '1.2.9'
    d.file_meta.MediaStorageSOPClassUID, d.file_meta.MediaStorageSOPInstanceUID = d.SOPClassUID, d.SOPInstanceUID
    d.Modality = 'SEG'; d.Rows, d.Columns, d.NumberOfFrames, d.SamplesPerPixel = H, W, F, 1
    d.PhotometricInterpretation = 'MONOCHROME2'; d.PixelRepresentation = 0
    d.BitsAllocated = d.BitsStored = bits; d.HighBit = bits - 1; d.SegmentationType = kind
    if kind == 'FRACTIONAL': d.SegmentationFractionalType, d.MaximumFractionalValue = 'PROBABILITY', 200
    d.SegmentSequence = []
    for k in ([1, 2, 3] if kind != 'LABELMAP' else [1, 2, 300]):
        s = Dataset(); s.SegmentNumber, s.SegmentLabel = k, f'Reader {k}'; d.SegmentSequence.append(s)
    d.PerFrameFunctionalGroupsSequence = []
    for k in range(F):
        g = Dataset(); p = Dataset(); p.ImagePositionPatient = [0, 0, k]; g.PlanePositionSequence = [p]
        if kind != 'LABELMAP':
            r = Dataset(); r.ReferencedSegmentNumber = k + 1; g.SegmentIdentificationSequence = [r]
        d.PerFrameFunctionalGroupsSequence.append(g)
    if syntax == EXPLICIT:
        raw = pack_bits(values.ravel()) if bits == 1 else values.tobytes()
        d.PixelData = raw + b'\\0' * (len(raw) % 2)
    else:
        parts = []
        for frame in values:
            if syntax == RLE and bits > 1: parts.append(rle_encode_frame(frame)); continue
            data = n.packbits(frame.ravel(), bitorder='little').tobytes() if bits == 1 else frame.tobytes()
            if syntax == RLE: parts.append(rle_encode_frame(n.frombuffer(data, 'u1')[None])); continue
            z = zlib.compressobj(9, zlib.DEFLATED, -15); packed = z.compress(data) + z.flush()
            parts.append(packed + b'\\0' * (len(packed) % 2))
        d.PixelData = encapsulate(parts)
        d['PixelData'].is_undefined_length = True
    d['PixelData'].VR = 'OW' if bits == 16 else 'OB'
    d.save_as(f'{out}/{name}', write_like_original=False)
said = {}
for kind, values in (
    ('BINARY', rng.integers(0, 2, (F, H, W)).astype('u1')),
    ('FRACTIONAL', rng.integers(0, 201, (F, H, W)).astype('u1')),
    ('LABELMAP', rng.choice([0, 1, 2], (F, H, W)).astype('u1')),
    ('LABELMAP', rng.choice([0, 1, 2, 300], (F, H, W)).astype('u2'))):
    key = kind + str(values.dtype.itemsize)
    for syntax, of in ((EXPLICIT, 'plain'), (RLE, 'rle'), (DEFLATED, 'deflated')): seg(kind, values, f'{key}-{of}', syntax)
    # GDCM knows no label maps: the same elements as a picture of many frames.
    if kind != 'BINARY': seg(kind, values, f'{key}-picture', EXPLICIT, f'1.2.840.10008.5.1.4.1.1.7.{values.dtype.itemsize + 1}')
    said[key] = dcmread(f'{out}/{key}-plain').pixel_array.reshape(F, -1).tolist()
print(json.dumps(said))
`;

const interpreter = python(["pydicom", "numpy"]);
const gdcmconv = tool("gdcmconv");
const folder = temporaryFolder();
let said: Record<string, number[][]> = {};

async function planesOf(name: string): Promise<(number[] | null)[][]> {
  const marks = await readSeg(await openDicom(new Uint8Array(readFileSync(join(folder, name))), name));
  expect(marks.notes).toEqual([]);
  return marks.graders.map(({ planes }) => planes.map(({ values }) => values && [...values]));
}

/** What must come of pydicom's numbers: of bits and shares one frame a segment, of labels each segment in each frame. */
function expected(key: string): (number[] | null)[][] {
  const frames = said[key] as number[][];
  const some = (values: number[]) => (values.some((value) => value > 0) ? values : null);
  if (key.startsWith("LABELMAP")) {
    return [1, 2, 300].map((label) => frames.map((frame) => some(frame.map((value) => (value === label ? 255 : 0)))));
  }
  const most = key === "BINARY1" ? 1 : 200;
  return frames.map((frame) => [some(frame.map((value) => Math.round((255 * value) / most)))]);
}

describe.skipIf(!interpreter)("frames of a segmentation", () => {
  beforeAll(() => {
    said = JSON.parse(execFileSync(interpreter as string, ["-c", PROGRAM, folder], { encoding: "utf8" }));
  });

  it.each(["BINARY1", "FRACTIONAL1", "LABELMAP1", "LABELMAP2"])(
    "of %s are pydicom's numbers: plain, by RLE and deflated",
    async (key) => {
      for (const packing of ["plain", "rle", "deflated"]) {
        expect([packing, await planesOf(`${key}-${packing}`)]).toEqual([packing, expected(key)]);
      }
    },
  );

  it.skipIf(!gdcmconv).each(["FRACTIONAL1", "LABELMAP1", "LABELMAP2"])(
    "of %s are the same packed by GDCM as JPEG 2000, JPEG-LS and JPEG lossless",
    { tags: ["ci"] },
    async (key) => {
      for (const packing of ["--j2k", "--jpegls", "--jpeg"]) {
        runTool(gdcmconv as string, [packing, join(folder, `${key}-picture`), join(folder, "packed")]);
        expect([packing, await planesOf("packed")]).toEqual([packing, expected(key)]);
      }
    },
  );

  it("cut short are refused, and so is a broken frame", async () => {
    for (const key of ["BINARY1", "LABELMAP2"]) {
      const bytes = Buffer.from(readFileSync(join(folder, `${key}-deflated`)));
      const start = bytes.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0]));
      const cut = bytes.subarray(0, start + 50);
      await expect(openFile({ name: "cut", bytes: cut })).rejects.toThrow(/broken or cut short|ends (after|inside)/);
      // Behind the element's 12 bytes, a table of three offsets (8 + 12) and the first item's 8: a block of type 3, which is none.
      bytes[start + 40] = 7;
      await expect(openFile({ name: "broken", bytes })).rejects.toThrow("its compressed data is broken");
    }
  });
});
