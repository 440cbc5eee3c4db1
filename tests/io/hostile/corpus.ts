import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { openDicom } from "../../../src/io/dicom/file.ts";
import { writeBinarySeg } from "../../../src/io/dicom/seg/seg-write.ts";
import { dicomSourceOf } from "../../../src/io/dicom/source.ts";
import { writeNpy } from "../../../src/io/numpy/npy-write.ts";
import { writeNpz } from "../../../src/io/numpy/npz-write.ts";
import { pngOfMask } from "../../../src/io/raster/png-write.ts";
import { ctDicom } from "../../support/ct-dicom.ts";
import { dicomBytes, tinyCt, type Written } from "../../support/dicom-bytes.ts";
import { directoryBytes } from "../../support/dicom-directory.ts";
import { tarBytes } from "../../support/tar-bytes.ts";
import {
  detachedZip,
  lidcXml,
  metaImageBytes,
  niftiBytes,
  nrrdBytes,
  packZip,
  pngBytes,
  rtStructBytes,
  sessionBytes,
} from "./seed-files.ts";
import { SEED_SIZE, seedValues } from "./seed-values.ts";

/** Sound (or deliberately evil) files of one format, which mutation starts from. */
export interface Format {
  readonly name: string;
  /** Of all mutated files, at least this share is of this format. */
  readonly share: number;
  readonly seeds: readonly Uint8Array[];
}

const [WIDTH, HEIGHT] = SEED_SIZE;

const read = (path: string) => new Uint8Array(readFileSync(resolve(import.meta.dirname, path)));
const seed = (name: string) => read(`seeds/${name}.dcm`);
const values = Float32Array.from(seedValues(16));
const disc = Uint8Array.from(seedValues(8), (value) => (value > 120 ? 1 : 0));
const mask = pngOfMask({ width: WIDTH, height: HEIGHT, bits: disc });

function native(syntax: string, ...more: Written[]): Uint8Array {
  const size: Written[] = [
    [0x00280010, "US", [HEIGHT]],
    [0x00280011, "US", [WIDTH]],
    [0x00280120, "SS", [-2000]],
  ];
  return dicomBytes(syntax, tinyCt([0x7fe00010, "OW", seedValues(16)], ...size, ...more));
}

/** A frame's own functional groups, as in enhanced CT. */
function groups(z: number): Written[] {
  return [
    [0x00209113, "SQ", { items: [[[0x00200032, "DS", `0\\0\\${z}`]]], undefinedLength: true }],
    [
      0x00289145,
      "SQ",
      {
        items: [
          [
            [0x00281052, "DS", "-5"],
            [0x00281053, "DS", "2"],
          ],
        ],
      },
    ],
  ];
}

function multiFrame(): Uint8Array {
  const pixels: Written = [0x7fe00010, "OW", [...seedValues(16), ...seedValues(16)]];
  const more: Written[] = [
    [0x00280008, "IS", "2"],
    [0x00280010, "US", [HEIGHT]],
    [0x00280011, "US", [WIDTH]],
    [0x52009229, "SQ", { items: [[[0x00289110, "SQ", { items: [[[0x00280030, "DS", "1\\1"]]] }]]] }],
    [0x52009230, "SQ", { items: [groups(1), groups(2)], undefinedLength: true }],
  ];
  return dicomBytes("1.2.840.10008.1.2.1", tinyCt(pixels, ...more));
}

async function segmentation(): Promise<Uint8Array> {
  const place = { spacingMm: [0.7, 0.6], position: [1, 2, 3], thicknessMm: 2 } as const;
  const directions = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
  const ct = ctDicom({ width: WIDTH, height: HEIGHT, values, ...place, ...directions });
  const source = dicomSourceOf((await openDicom(ct, "ct.dcm")).dataset, 0, 1, "ct.dcm");
  const segment = { label: "Grader 1", algorithm: "MANUAL", colour: [255, 0, 0] } as const;
  const masks = [disc, disc.map((bit) => 1 - bit)].map((bits) => ({
    ...segment,
    masks: [{ width: WIDTH, height: HEIGHT, bits }],
  }));
  const author = { version: "0", model: "none", created: null };
  const slices = [{ source, geometry: { ...place, ...directions } }];
  const at = { slices, spacingMm: place.spacingMm, width: WIDTH, height: HEIGHT, origin: [0, 0] as const };
  return writeBinarySeg(masks, at, author).bytes;
}

function jpegPicture(): Uint8Array {
  const dicom = seed("jpeg-baseline");
  const start = Buffer.from(dicom).indexOf(Buffer.from([0xff, 0xd8, 0xff]));
  return dicom.subarray(start);
}

/** Every format that is opened, with what its files are made from. */
export async function corpus(): Promise<Format[]> {
  const npy = writeNpy(values, [HEIGHT, WIDTH]);
  const masks = new Uint8Array(2 * 2 * HEIGHT * Math.ceil(WIDTH / 8)).fill(0x5a);
  const images = Uint8Array.from({ length: 2 * WIDTH * HEIGHT }, (_, i) => i % 251);
  const cases = writeNpz({
    images: { values: images, shape: [2, HEIGHT, WIDTH] },
    masks: { values: masks, shape: [2, 2, HEIGHT, Math.ceil(WIDTH / 8)] },
  });
  const samples = writeNpz({
    samples_masks: { values: masks, shape: [2, 2, HEIGHT, Math.ceil(WIDTH / 8)] },
    samples_shares: { values: values.map((value) => Math.abs(Math.sin(value))), shape: [1, 1, HEIGHT, WIDTH] },
    rows: { values: Int32Array.of(0, 1), shape: [2] },
  });
  const model = writeZip({
    "own/config.json": read("../../golden/tiny-linear/config.json"),
    "own/weights.safetensors": read("../../golden/tiny-linear/weights.safetensors"),
  });
  const series = writeZip({
    "s/1.dcm": native("1.2.840.10008.1.2.1"),
    "s/2.dcm": native("1.2.840.10008.1.2.1", [0x00080018, "UI", "1.9"], [0x00200032, "DS", "0\\0\\9"]),
  });
  const slices = writeZip({ "scan.png": pngBytes(0, 8), "grader-1.png": mask, "grader-2.png": mask });
  return [
    {
      name: "dicom native",
      share: 0.14,
      seeds: [
        native("1.2.840.10008.1.2.1"),
        native("1.2.840.10008.1.2"),
        native("1.2.840.10008.1.2.2"),
        native("1.2.840.10008.1.2.1").subarray(132),
      ],
    },
    { name: "dicom deflated", share: 0.03, seeds: [native("1.2.840.10008.1.2.1.99")] },
    { name: "dicom multi-frame", share: 0.06, seeds: [multiFrame()] },
    { name: "dicom RLE", share: 0.06, seeds: [seed("rle")] },
    { name: "dicom JPEG lossless", share: 0.06, seeds: [seed("jpeg-lossless")] },
    { name: "dicom JPEG-LS", share: 0.06, seeds: [seed("jpeg-ls")] },
    { name: "dicom JPEG 2000", share: 0.06, seeds: [seed("jpeg-2000")] },
    { name: "dicom JPEG baseline", share: 0.05, seeds: [seed("jpeg-baseline")] },
    {
      name: "dicom directory",
      share: 0.01,
      seeds: [tarBytes({ DICOMDIR: directoryBytes(["s/1.dcm", "s/2.dcm"]), "s/1.dcm": native("1.2.840.10008.1.2.1") })],
    },
    { name: "dicom SEG", share: 0.05, seeds: [await segmentation()] },
    {
      name: "nifti",
      share: 0.06,
      seeds: [niftiBytes(true), niftiBytes(false), new Uint8Array(gzipSync(niftiBytes(true)))],
    },
    { name: "nrrd", share: 0.06, seeds: [nrrdBytes("raw"), nrrdBytes("gzip"), nrrdBytes("seg")] },
    { name: "metaimage", share: 0.04, seeds: [metaImageBytes("raw"), metaImageBytes("zlib")] },
    { name: "headers and numbers apart", share: 0.02, seeds: [detachedZip()] },
    { name: "png", share: 0.06, seeds: [pngBytes(0, 8), pngBytes(0, 16), pngBytes(3, 4), pngBytes(2, 8), mask] },
    { name: "jpeg", share: 0.03, seeds: [jpegPicture()] },
    { name: "npy", share: 0.04, seeds: [npy] },
    { name: "npz", share: 0.04, seeds: [cases, writeNpz({ image: { values: values, shape: [HEIGHT, WIDTH] } })] },
    { name: "samples of a method", share: 0.03, seeds: [samples] },
    { name: "zip", share: 0.03, seeds: [series, slices] },
    { name: "tar", share: 0.02, seeds: [tarBytes({ "scan.png": pngBytes(0, 8), "s/mask.png": mask })] },
    {
      name: "gzip",
      share: 0.02,
      seeds: [gzipSync(tarBytes({ "scan.png": mask })), gzipSync(native("1.2.840.10008.1.2.1"))],
    },
    { name: "archives in archives", share: 0.02, seeds: [tarBytes({ "a.zip": slices, "mask.png": mask })] },
    { name: "case pack", share: 0.02, seeds: [packZip(npy, mask)] },
    { name: "rtstruct", share: 0.04, seeds: [rtStructBytes()] },
    { name: "lidc xml", share: 0.05, seeds: [lidcXml()] },
    { name: "session", share: 0.02, seeds: [sessionBytes()] },
    { name: "own model", share: 0.02, seeds: [model] },
  ];
}
