/**
 * Makes the small compressed DICOM files in `seeds/`: a ramp with noise, 40 × 28, in every syntax that needs another
 * project's writer. Run by hand where GDCM and DCMTK are installed: npx tsx tests/io/hostile/make-seeds.ts
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { dicomBytes, tinyCt, type Written } from "../../support/dicom-bytes.ts";
import { SEED_SIZE, seedValues } from "./seed-values.ts";

const seeds = resolve(import.meta.dirname, "seeds");
const folder = mkdtempSync(join(tmpdir(), "seeds-"));

function source(bits: 8 | 16): string {
  const path = join(folder, `${bits}.dcm`);
  const header: Written[] = [
    [0x0020000d, "UI", "1.2.826.0.1.3680043.10.2"],
    [0x00280010, "US", [SEED_SIZE[1]]],
    [0x00280011, "US", [SEED_SIZE[0]]],
    [0x00280100, "US", [bits]],
    [0x00280101, "US", [bits]],
    [0x00280102, "US", [bits - 1]],
    [0x00280103, "US", [bits === 16 ? 1 : 0]],
    [0x00281052, "DS", "0"],
  ];
  const pixels: Written = [0x7fe00010, bits === 8 ? "OB" : "OW", seedValues(bits)];
  writeFileSync(path, dicomBytes("1.2.840.10008.1.2.1", tinyCt(pixels, ...header)));
  return path;
}

const wide = source(16);
const narrow = source(8);
const made: readonly (readonly [string, string, string[]])[] = [
  ["rle", "gdcmconv", ["--rle", wide]],
  ["jpeg-2000", "gdcmconv", ["--j2k", wide]],
  ["jpeg-ls", "gdcmconv", ["--jpegls", wide]],
  ["jpeg-lossless", "dcmcjpeg", ["+e1", wide]],
  ["jpeg-baseline", "dcmcjpeg", ["+eb", "+q", "90", narrow]],
];
for (const [name, program, args] of made) execFileSync(program, [...args, join(seeds, `${name}.dcm`)]);
rmSync(folder, { recursive: true });
