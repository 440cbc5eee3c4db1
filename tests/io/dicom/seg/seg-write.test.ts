import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOverlappingSegmentationNode } from "@itk-wasm/dicom";
import { afterAll, describe, expect, test } from "vitest";
import type { Mask } from "../../../../src/core/values/slice.ts";
import { openDicom } from "../../../../src/io/dicom/file.ts";
import {
  type MaskedSegment,
  type Segment,
  type SegPlace,
  writeBinarySeg,
  writeFractionalSeg,
} from "../../../../src/io/dicom/seg/seg-write.ts";
import { type DicomSource, dicomSourceOf } from "../../../../src/io/dicom/source.ts";
import { type CtSlice, ctDicom, PATIENT, turned } from "../../../support/ct-dicom.ts";
import { python, pythonJson, tool } from "../../../support/tools.ts";

const dciodvfy = tool("dciodvfy");
const pydicom = python(["pydicom", "numpy"]);
const folder = mkdtempSync(join(tmpdir(), "seg-"));
afterAll(() => rmSync(folder, { recursive: true }));

const AXIAL = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
/** Sizes not divisible by 8: 53 · 41 = 2173 bits per frame, so every frame but the first begins inside a byte. */
const GRIDS: readonly (readonly [string, CtSlice])[] = [
  ["axial", grid(53, 41, AXIAL)],
  ["oblique", grid(53, 41, turned([20, -15, 30]))],
  ["flipped", grid(37, 61, turned([0, 0, 0], true))],
  ["oblique and flipped", grid(29, 31, turned([-40, 10, 5], true))],
];

function grid(width: number, height: number, directions: Pick<CtSlice, "rowDirection" | "columnDirection">): CtSlice {
  const values = Float32Array.from({ length: width * height }, (_, i) => (i % 700) - 500);
  return {
    width,
    height,
    values,
    spacingMm: [0.7, 0.6],
    position: [-100.25, 33.3, -512.123456],
    thicknessMm: 2.5,
    ...directions,
  };
}

async function placeOf(slice: CtSlice): Promise<SegPlace> {
  const file = await openDicom(ctDicom(slice), "ct.dcm");
  const { position, rowDirection, columnDirection, thicknessMm, spacingMm } = slice;
  const geometry = { position, rowDirection, columnDirection, thicknessMm };
  const slices = [{ source: dicomSourceOf(file.dataset, 0, 1, "ct.dcm"), geometry }];
  return { slices, spacingMm, width: slice.width, height: slice.height, origin: [0, 0] };
}

/** The place with another source of its slice. */
function withSource(place: SegPlace, change: Partial<DicomSource>): SegPlace {
  return { ...place, slices: place.slices.map((each) => ({ ...each, source: { ...each.source, ...change } })) };
}

/** Overlapping, irregular masks; the last is empty. */
function masksFor({ width, height }: CtSlice): Mask[] {
  const bits = (k: number) =>
    Uint8Array.from({ length: width * height }, (_, i) => (((i * 2654435761 + k * 97) >>> 7) % 3 === 0 ? 1 : 0));
  return [1, 2, 3].map((k) => ({ width, height, bits: bits(k) })).concat([{ width, height, bits: bits(9).fill(0) }]);
}

const SEGMENTS: readonly Segment[] = [
  { label: "Sample 01 (seed 42)", algorithm: "AUTOMATIC", colour: [255, 100, 0] },
  { label: "Sample 02 (seed 42)", algorithm: "AUTOMATIC", colour: [0, 158, 115] },
  { label: "Grader 1", algorithm: "MANUAL", colour: [86, 180, 233] },
  { label: "Grader 2", algorithm: "MANUAL", colour: [204, 121, 167] },
];
const AUTHOR = { version: "0.1.0", model: "lidc-prob-unet", created: null };

async function segOf(slice: CtSlice): Promise<Uint8Array> {
  const masks = masksFor(slice);
  const segments = SEGMENTS.map((segment, k) => ({ ...segment, masks: [masks[k] as Mask] }));
  return writeBinarySeg(segments, await placeOf(slice), AUTHOR).bytes;
}

function saved(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** What dciodvfy says against a file; it writes to stderr and its status does not tell. */
function complaints(file: string): string[] {
  const { stdout, stderr } = spawnSync(dciodvfy as string, [file], { encoding: "utf8" });
  return `${stdout}\n${stderr}`.split("\n").filter((line) => /error|warning/i.test(line));
}

test("bits are little-endian in one stream over all frames, padded at the very end", async () => {
  const slice = grid(3, 3, AXIAL);
  const mask = (bits: number[]) => ({ width: 3, height: 3, bits: Uint8Array.from(bits) });
  const seg = writeBinarySeg(
    [
      { ...(SEGMENTS[0] as Segment), masks: [mask([1, 0, 0, 0, 0, 0, 0, 0, 1])] },
      { ...(SEGMENTS[1] as Segment), masks: [mask([1, 1, 0, 0, 0, 0, 0, 0, 1])] },
    ],
    await placeOf(slice),
    AUTHOR,
  ).bytes;
  // Frame 1 takes bits 0–8, frame 2 bits 9–17: set are 0, 8, 9, 10, 17 → bytes 1, 0b111, 0b10, and one to be even.
  expect([...seg.subarray(-4)]).toEqual([1, 7, 2, 0]);
});

test("the same masks give the same bytes; another mask gives another object", async () => {
  const slice = grid(5, 4, AXIAL);
  expect(await segOf(slice)).toEqual(await segOf(slice));
  const place = await placeOf(slice);
  const uid = (mask: Mask) => {
    return writeBinarySeg([{ ...(SEGMENTS[0] as Segment), masks: [mask] }], place, AUTHOR).sopInstanceUid;
  };
  const [one, other] = masksFor(slice) as [Mask, Mask];
  expect(uid(one)).not.toBe(uid(other));
});

test("a file that does not say which picture it is cannot have a segmentation", async () => {
  const bytes = ctDicom({ ...grid(3, 3, AXIAL), sopInstanceUid: "" });
  const { dataset } = await openDicom(bytes, "ct.dcm");
  expect(() => dicomSourceOf(dataset, 0, 1, "ct.dcm")).toThrow("ct.dcm: it has no SOP Instance UID");
});

/** Slices 1.5 mm apart along the normal, the third one missing; masks of a region of 20 × 16 at (11, 9). */
async function severalSlices(): Promise<{ place: SegPlace; segments: MaskedSegment[]; slices: CtSlice[] }> {
  const first = grid(52, 40, turned([20, -15, 30]));
  const { rowDirection: r, columnDirection: c } = first;
  const normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]] as const;
  const slices = [0, 1.5, 4.5].map((off, k): CtSlice => {
    const [x, y, z] = first.position;
    const position = [x + off * normal[0], y + off * normal[1], z + off * normal[2]] as const;
    return { ...first, position, thicknessMm: 2, sopInstanceUid: `1.2.3.4.5.${k + 1}` };
  });
  const lies = await Promise.all(slices.map(placeOf));
  const place: SegPlace = { ...(lies[0] as SegPlace), slices: lies.flatMap((each) => each.slices), origin: [11, 9] };
  const block = (from: number, to: number): Mask => ({
    width: 20,
    height: 16,
    bits: Uint8Array.from({ length: 320 }, (_, i) => (i >= from && i < to ? 1 : 0)),
  });
  const none = block(0, 0);
  const stacks = [
    [block(0, 45), block(20, 90), block(300, 320)],
    [none, block(31, 60), none],
    [none, none, none],
    [none, none, block(7, 8)],
  ];
  return { place, segments: SEGMENTS.map((each, k) => ({ ...each, masks: stacks[k] as Mask[] })), slices };
}

/** Whether pixel (x, y) of a picture is marked by a mask of the region. */
const inRegion = (mask: Mask, x: number, y: number) =>
  x >= 11 && x < 31 && y >= 9 && y < 25 && mask.bits[(y - 9) * 20 + x - 11] === 1;

test("of several slices only those that a segment marks have a frame, and one that marks none has one", async () => {
  const { place, segments } = await severalSlices();
  const { dataset } = await openDicom(writeBinarySeg(segments, place, AUTHOR).bytes, "seg.dcm");
  const frames = dataset.items(0x52009230).map((frame) => {
    const number = frame.items(0x0062000a)[0]?.integer(0x0062000b);
    const image = frame.items(0x00089124)[0]?.items(0x00082112)[0]?.text(0x00081155);
    return `${number} on ${image?.slice(-1)}`;
  });
  expect(frames).toEqual(["1 on 1", "1 on 2", "1 on 3", "2 on 2", "3 on 1", "4 on 3"]);
  expect(dataset.items(0x00081115).map((series) => series.items(0x0008114a).length)).toEqual([3]);
});

describe.skipIf(!dciodvfy)("dciodvfy", { tags: ["ci"] }, () => {
  test("has nothing against one of several slices", async () => {
    const { place, segments } = await severalSlices();
    expect(complaints(saved("slices.dcm", writeBinarySeg(segments, place, AUTHOR).bytes))).toEqual([]);
  });

  test.each(GRIDS)("has nothing against the %s segmentation", async (name, slice) => {
    expect(complaints(saved(`${name}.dcm`, await segOf(slice)))).toEqual([]);
  });

  test("has nothing against the fractional one", async () => {
    const slice = grid(53, 41, turned([20, -15, 30]));
    const values = Float32Array.from({ length: 53 * 41 }, (_, i) => i / (53 * 41));
    const bytes = writeFractionalSeg(SEGMENTS[0] as Segment, values, await placeOf(slice), AUTHOR).bytes;
    expect(complaints(saved("fractional.dcm", bytes))).toEqual([]);
  });

  test("has nothing against the segmentation of one frame of a file of several", async () => {
    const slice = grid(9, 7, AXIAL);
    const place = await placeOf(slice);
    const segments = SEGMENTS.map((segment, k) => ({ ...segment, masks: [masksFor(slice)[k] as Mask] }));
    const enhanced = withSource(place, { sopClassUid: "1.2.840.10008.5.1.4.1.1.2.1", frame: 4 });
    const { bytes } = writeBinarySeg(segments, enhanced, AUTHOR);
    expect(complaints(saved("frame.dcm", bytes))).toEqual([]);
    expect(new TextDecoder("latin1").decode(bytes)).toContain("5 "); // ReferencedFrameNumber counts from 1
  });

  test("has nothing against one on several frames of one file, each named by its number", async () => {
    const { place, segments } = await severalSlices();
    const enhanced = { sopClassUid: "1.2.840.10008.5.1.4.1.1.2.1", sopInstanceUid: "1.2.3.4.5.9" };
    const slices = place.slices.map((each, k) => ({ ...each, source: { ...each.source, ...enhanced, frame: k + 4 } }));
    const { bytes } = writeBinarySeg(segments, { ...place, slices }, AUTHOR);
    expect(complaints(saved("frames.dcm", bytes))).toEqual([]);
    const { dataset } = await openDicom(bytes, "seg.dcm");
    const numbers = dataset.items(0x52009230).map((frame) => {
      return frame.items(0x00089124)[0]?.items(0x00082112)[0]?.decimal(0x00081160);
    });
    expect(numbers).toEqual([5, 6, 7, 6, 5, 7]); // frames count from 1
    expect(dataset.items(0x00081115)[0]?.items(0x0008114a)).toHaveLength(1);
  });

  test("misses only what a DICOMDIR would want of a file without frame of reference, patient or study data", async () => {
    const slice = grid(9, 7, AXIAL);
    const place = await placeOf(slice);
    const bare = withSource(place, { copied: new Map(), frameOfReferenceUid: null, date: null, time: null });
    const segments = SEGMENTS.map((segment, k) => ({ ...segment, masks: [masksFor(slice)[k] as Mask] }));
    const file = saved("bare.dcm", writeBinarySeg(segments, bare, AUTHOR).bytes);
    expect(complaints(file).filter((line) => !line.includes("DICOMDIR"))).toEqual([]);
  });
});

/**
 * The DCMTK inside this dcmqi misreads all but the first frames where rows · columns leaves a remainder of 2…7 by 8
 * (QIICR/dcmqi#341, QuantitativeReporting#278); pydicom below proves those sizes. Sides not divisible by 8 are here.
 */
const ALIGNED: readonly (readonly [string, CtSlice])[] = [
  ["axial", grid(52, 40, AXIAL)],
  ["oblique", grid(52, 38, turned([20, -15, 30]))],
  ["flipped", grid(37, 61, turned([0, 0, 0], true))],
  ["oblique and flipped", grid(26, 28, turned([-40, 10, 5], true))],
];

describe("dcmqi, as 3D Slicer reads it", { tags: ["ci"] }, () => {
  test.each(ALIGNED)("finds the %s source's geometry, our bits and our names", async (name, slice) => {
    const file = saved(`dcmqi ${name}.dcm`.replaceAll(" ", "-"), await segOf(slice));
    const { segImage, metaInfo } = await readOverlappingSegmentationNode(file);
    expect(segImage.size).toEqual([slice.width, slice.height, 1]);
    expect(segImage.spacing).toEqual([slice.spacingMm[1], slice.spacingMm[0], slice.thicknessMm]);
    for (const axis of [0, 1, 2] as const) {
      expect(segImage.origin[axis]).toBeCloseTo(slice.position[axis], 6);
      expect(segImage.direction[3 * axis]).toBeCloseTo(slice.rowDirection[axis], 6);
      expect(segImage.direction[3 * axis + 1]).toBeCloseTo(slice.columnDirection[axis], 6);
    }
    const masks = masksFor(slice);
    const wrong = masks.map(({ bits }, k) => {
      const found = (i: number) => Number((segImage.data as Int16Array)[i * masks.length + k]) !== 0;
      return bits.reduce((count, bit, i) => count + (found(i) === (bit === 1) ? 0 : 1), 0);
    });
    expect(wrong).toEqual([0, 0, 0, 0]);
    const info = metaInfo as unknown as { segmentAttributes: Record<string, unknown>[][] };
    const all = info.segmentAttributes.flat();
    expect(all.map((segment) => segment["SegmentLabel"])).toEqual(SEGMENTS.map(({ label }) => label));
    expect(all.map((segment) => segment["recommendedDisplayRGBValue"])).toEqual(SEGMENTS.map(({ colour }) => colour));
    expect(all.map((segment) => segment["SegmentAlgorithmType"])).toEqual(SEGMENTS.map((each) => each.algorithm));
  });
});

test("dcmqi finds each mask of several slices at its place, and nothing on the missing one", async () => {
  const { place, segments, slices } = await severalSlices();
  const file = saved("dcmqi-slices.dcm", writeBinarySeg(segments, place, AUTHOR).bytes);
  const { segImage } = await readOverlappingSegmentationNode(file);
  expect(segImage.size).toEqual([52, 40, 4]);
  expect(segImage.spacing.map((mm) => mm.toFixed(6))).toEqual(["0.600000", "0.700000", "1.500000"]);
  for (const axis of [0, 1, 2] as const) expect(segImage.origin[axis]).toBeCloseTo(slices[0]!.position[axis], 6);
  const at = [0, 1, null, 2]; // which of our slices lies at each of the volume's
  const wrong = segments.map(({ masks }, k) => {
    let count = 0;
    for (let i = 0; i < 52 * 40 * 4; i++) {
      const slice = at[Math.floor(i / (52 * 40))] ?? null;
      const [x, y] = [i % 52, Math.floor(i / 52) % 40];
      const wanted = slice !== null && inRegion(masks[slice] as Mask, x, y);
      if (((segImage.data as Int16Array)[i * segments.length + k] !== 0) !== wanted) count++;
    }
    return count;
  });
  expect(wrong).toEqual([0, 0, 0, 0]);
});

describe.skipIf(!pydicom)("pydicom", { tags: ["ci"] }, () => {
  test("finds each frame of several slices at its slice's place, with its bits", async () => {
    const { place, segments, slices } = await severalSlices();
    const file = saved("py-slices.dcm", writeBinarySeg(segments, place, AUTHOR).bytes);
    const program = `import pydicom, json, sys
d = pydicom.dcmread(sys.argv[1])
print(json.dumps([[int(f.SegmentIdentificationSequence[0].ReferencedSegmentNumber),
 f.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID,
 [float(v) for v in f.PlanePositionSequence[0].ImagePositionPatient],
 p.reshape(-1).nonzero()[0].tolist()] for f, p in zip(d.PerFrameFunctionalGroupsSequence, d.pixel_array)]))`;
    const found = pythonJson(pydicom as string, program, file) as [number, string, number[], number[]][];
    const wanted = segments.flatMap(({ masks }, k) => {
      const marked = [0, 1, 2].filter((s) => masks[s]?.bits.includes(1));
      return (marked.length > 0 ? marked : [0]).map((s) => {
        const all = Array.from({ length: 52 * 40 }, (_, i) => i);
        const pixels = all.filter((i) => inRegion(masks[s] as Mask, i % 52, Math.floor(i / 52)));
        return [k + 1, slices[s]?.sopInstanceUid, slices[s]?.position.map((mm) => mm.toFixed(6)), pixels];
      });
    });
    expect(found.map(([k, uid, position, pixels]) => [k, uid, position.map((mm) => mm.toFixed(6)), pixels])).toEqual(
      wanted,
    );
  });

  const PROGRAM = `import pydicom, json, sys
d = pydicom.dcmread(sys.argv[1])
shared, frames = d.SharedFunctionalGroupsSequence[0], d.PerFrameFunctionalGroupsSequence
image = frames[-1].DerivationImageSequence[0].SourceImageSequence[0]
print(json.dumps({
 'pixels': d.pixel_array.reshape(len(frames), -1).tolist(),
 'position': [float(v) for v in frames[0].PlanePositionSequence[0].ImagePositionPatient],
 'orientation': [float(v) for v in shared.PlaneOrientationSequence[0].ImageOrientationPatient],
 'spacing': [float(v) for v in shared.PixelMeasuresSequence[0].PixelSpacing],
 'thickness': float(shared.PixelMeasuresSequence[0].SliceThickness),
 'segments': [int(f.SegmentIdentificationSequence[0].ReferencedSegmentNumber) for f in frames],
 'source': image.ReferencedSOPInstanceUID, 'aligned': image.SpatialLocationsPreserved,
 'patient': str(d.PatientName), 'study': d.StudyInstanceUID, 'place': d.FrameOfReferenceUID,
 'type': d.SegmentationType, 'top': int(d.get('MaximumFractionalValue', 0))}))`;

  test.each(GRIDS)("finds the %s source's geometry, its references and our bits", async (name, slice) => {
    const file = saved(`py ${name}.dcm`, await segOf(slice));
    const found = pythonJson(pydicom as string, PROGRAM, file) as Record<string, unknown>;
    const { pixels, orientation, ...rest } = found as { pixels: number[][]; orientation: number[] };
    expect(pixels).toEqual(masksFor(slice).map(({ bits }) => [...bits]));
    for (const [i, cosine] of [...slice.rowDirection, ...slice.columnDirection].entries()) {
      expect(orientation[i]).toBeCloseTo(cosine, 12);
    }
    expect(rest).toEqual({
      position: [-100.25, 33.3, -512.123456],
      spacing: [0.7, 0.6],
      thickness: 2.5,
      segments: [1, 2, 3, 4],
      source: "1.2.3.4.5.1",
      aligned: "YES",
      patient: PATIENT,
      study: "1.2.3.4",
      place: "1.2.3.4.99",
      type: "BINARY",
      top: 0,
    });
  });

  test("finds the mean's probabilities in steps of 1/255", async () => {
    const slice = grid(3, 2, AXIAL);
    const values = Float32Array.from([0, 0.25, 0.5, 0.75, 1, Number.NaN]);
    const file = saved(
      "mean.dcm",
      writeFractionalSeg(SEGMENTS[0] as Segment, values, await placeOf(slice), AUTHOR).bytes,
    );
    // 0.25·255 = 63.75 → 64; 127.5 → 128; 191.25 → 191; what is no number is no lesion.
    expect(pythonJson(pydicom as string, PROGRAM, file)).toMatchObject({
      pixels: [[0, 64, 128, 191, 255, 0]],
      type: "FRACTIONAL",
      top: 255,
    });
  });
});

test("a patient's name in Japanese stays as its bytes and its character set say", async () => {
  const place = await placeOf(grid(3, 3, AXIAL));
  const name = Uint8Array.of(0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42);
  const copied = new Map(place.slices[0]?.source.copied)
    .set(0x00080005, { vr: "CS", value: new TextEncoder().encode("\\ISO 2022 IR 87") })
    .set(0x00100010, { vr: "PN", value: name });
  const mask = masksFor(grid(3, 3, AXIAL))[0] as Mask;
  const { bytes } = writeBinarySeg(
    [{ ...(SEGMENTS[0] as Segment), masks: [mask] }],
    withSource(place, { copied }),
    AUTHOR,
  );
  const { dataset } = await openDicom(bytes, "seg.dcm");
  expect(dataset.raw(0x00100010)).toEqual(name);
  expect(dataset.text(0x00100010)).toBe("山田");
});
