import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { areaPx } from "../../src/core/values/slice.ts";
import type { Incoming } from "../../src/io/bytes/source-file.ts";
import { openFiles } from "../../src/io/open/open.ts";
import { english } from "../support/english.ts";
import { missing, sharedFile } from "../support/shared.ts";

/** Inputs that once failed, with the right value of each (../shared/cases/README.md). */
function filesAt(path: string, name = path.split("/").at(-1) as string): Incoming[] {
  const full = sharedFile(`cases/${path}`) as string;
  if (statSync(full).isDirectory()) {
    return readdirSync(full).flatMap((each) => filesAt(join(path, each), `${name}/${each}`));
  }
  return [{ name, bytes: new Uint8Array(readFileSync(full)) }];
}

async function imageOf(...paths: string[]) {
  const opened = await openFiles(paths.flatMap((path) => filesAt(path)));
  if (opened.kind !== "image") throw new Error(`it is ${opened.kind}`);
  const { stack } = opened;
  const slice = await stack.slice(stack.start);
  const said = english([...stack.notes, ...(stack.notesOf?.(stack.start) ?? [])]).join(" | ");
  const areas = async (frame: number) =>
    ((await stack.graders?.(frame)) ?? []).map(({ mask }) => (mask ? areaPx(mask) : 0));
  return { stack, slice, said, areas };
}

const STACK = "reports/ct_stack";

describe.skipIf(missing("cases/README.md", "the cases that once failed are not tried"))(
  "cases that once failed",
  () => {
    it.each([
      ["files/DICOMDIR", "a directory of DICOM files"],
      ["files/detached.nhdr", "its numbers lie in another file"],
      ["files/spectroscopy.dcm", "spectroscopy"],
      ["attack/nifti-bitpix-mismatch.nii", "16 bits a voxel"],
      ["attack/nifti-negative-dims.nii", "-3"],
      ["attack/nifti-gz-flipped.nii.gz", "broken"],
      ["attack/nrrd-gzip-flipped.nrrd", "broken"],
      ["attack/nrrd-ascii-words.nrrd", "abc"],
      ["attack/nrrd-byteskip-foo.nrrd", "foo"],
      ["attack/png-ga1.png", "1 bits a sample"],
      ["attack/npz-duplicate-entry.npz", "two entries"],
      ["attack/npz-flipped-bit.npz", "checksum"],
      ["attack/pack-duplicate-ids.zip", "two of its cases have the id"],
      ["reports/F11_empty.dcm", "it is empty"],
      ["reports/F11_html.dcm", "a web page"],
    ])("%s is refused: %s", async (path, part) => {
      await expect(imageOf(path)).rejects.toThrow(part);
    });

    it.each([
      ["attack/dicom-rows-half.dcm", "bytes more than"],
      ["attack/dicom-bits8-of-16.dcm", "bytes more than"],
      ["attack/dicom-duplicate-rows.dcm", "bytes more than"],
      ["attack/npy-shape-half.npy", "bytes more than"],
      ["attack/dicom-slope-1e308.dcm", "no finite numbers"],
      ["attack/nifti-slope-3e38.nii", "no finite numbers"],
      ["attack/dicom-intercept-comma.dcm", "stored values are shown, not HU"],
      ["attack/nifti-pixdim-vs-sform.nii", "the sform counts"],
      ["files/sheared.nii", "sheared"],
      ["files/lps-time.nrrd", "time axis"],
      ["reports/A12_nonsquare.dcm", "not square"],
    ])("%s is opened, and says: %s", async (path, part) => {
      expect((await imageOf(path)).said).toContain(part);
    });

    it("spacing comes of the affine", async () => {
      for (const name of ["nan", "1e38", "vs-sform"])
        expect((await imageOf(`attack/nifti-pixdim-${name}.nii`)).slice.spacingMm).toEqual([0.75, 0.5]);
      const scaled = await imageOf("files/sform-scale.nii", "files/sform-scale-mask.nii.gz");
      expect(scaled.slice.spacingMm?.map((mm) => mm.toFixed(3))).toEqual(["0.900", "0.700"]);
      expect(await scaled.areas(1)).toEqual([16]);
    });

    it("DICOM that others read is read", async () => {
      for (const name of ["ct-implicit-meta", "ct-implicit-meta-with-preamble", "ct-blank-vr"]) {
        const { slice } = await imageOf(`files/${name}.dcm`);
        expect([slice.unit, slice.width, Math.min(...slice.values), Math.max(...slice.values)]).toEqual([
          "HU",
          9,
          -945,
          961,
        ]);
      }
      const { stack } = await imageOf("files/rtdose-offsets.dcm");
      expect([0, 1, 2].map((k) => stack.place(k).geometry?.position[2])).toEqual([3, 8, 13]);
    });

    it.each([
      ["B02_label_ras.nii.gz", [69], [249]],
      ["B03_onehot4d_full.nii.gz", [21, 45, 69, 113], [69, 145, 249, 373]],
      ["B05_cropped.nii.gz", [0], [249]],
      ["B05_cropped_end.nii.gz", [0], [0]],
      ["B05_noform.nii.gz", [], []],
      ["H01_total104.nii.gz", [], []],
      ["E09_masks", [], [145, 249, 373, 517]],
      ["lidc/D01_otheruids.xml", [0, 0, 0, 0], [169, 289, 441, 0]],
      ["lidc/D08_other.xml", [], []],
      ["lidc/D09_utf16.xml", [0, 0, 0, 0], [169, 289, 441, 0]],
    ])("the series with %s: its first and its middle slice", async (path, first, middle) => {
      const { areas } = await imageOf(STACK, `reports/${path}`);
      expect([await areas(0), await areas(4)]).toEqual([first, middle]);
    });

    it("what does not belong is left out by name; a DICOMDIR is passed over", async () => {
      const { said, areas } = await imageOf(
        STACK,
        "reports/lidc/D00_plain.xml",
        "reports/lidc/D08_other.xml",
        "attack/broken.zip",
      );
      expect(said).toMatch(/Left out: .*broken\.zip/);
      expect(said).toMatch(/Left out: D08_other\.xml/);
      expect((await areas(4)).length).toBe(4);
      expect((await imageOf(STACK, "files/DICOMDIR")).said).not.toContain("DICOMDIR");
    });

    it("a nodule under 3 mm is a point, not nothing", async () => {
      const { stack } = await imageOf(STACK, "reports/lidc/D06_points.xml");
      expect(((await stack.graders?.(4)) ?? []).some(({ points }) => points?.length === 1)).toBe(true);
    });

    it("header and numbers of a detached NRRD are read together, and a mask as JPEG is told from a picture", async () => {
      const { stack } = await imageOf("reports/detached_nrrd");
      expect([stack.format, stack.frames]).toEqual(["nrrd", 9]);
      const { said, areas } = await imageOf("reports/jpeg_mask");
      expect(said).toContain("a mask saved as JPEG");
      expect((await areas(0)).length).toBe(1);
    });
  },
);
