import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { GraderspaceError } from "../../../src/core/errors.ts";
import type { Slice } from "../../../src/core/values/slice.ts";
import { openNifti } from "../../../src/io/nifti/nifti.ts";
import { english } from "../../support/english.ts";
import { python, runTool, temporaryFolder } from "../../support/tools.ts";

/** A 3 × 2 × 2 volume of int16 0…11 with an sform: 0.5 mm columns, 0.75 mm rows, 2 mm slices, RAS. */
function tiny(change: (view: DataView) => void = () => undefined, little = true): Uint8Array {
  const view = new DataView(new ArrayBuffer(352 + 24));
  view.setInt32(0, 348, little);
  for (const [i, side] of [3, 3, 2, 2, 1, 1, 1, 1].entries()) view.setInt16(40 + 2 * i, side, little);
  view.setInt16(70, 4, little);
  view.setInt16(72, 16, little);
  for (const [i, size] of [1, 0.5, 0.75, 2].entries()) view.setFloat32(76 + 4 * i, size, little);
  view.setFloat32(108, 352, little);
  view.setUint8(123, 2);
  view.setInt16(254, 1, little);
  const rows = [
    [0.5, 0, 0, 10],
    [0, 0.75, 0, 20],
    [0, 0, 2, 30],
  ].flat();
  for (const [i, value] of rows.entries()) view.setFloat32(280 + 4 * i, value, little);
  for (const [i, letter] of [0x6e, 0x2b, 0x31, 0].entries()) view.setUint8(344 + i, letter);
  for (let i = 0; i < 12; i++) view.setInt16(352 + 2 * i, i, little);
  change(view);
  return new Uint8Array(view.buffer);
}

async function read(bytes: Uint8Array, frame = 0): Promise<Slice> {
  return (await openNifti(bytes, "tiny.nii")).slice(frame);
}

async function tagOf(bytes: Uint8Array, frame = 0): Promise<string> {
  return read(bytes, frame).then(
    () => "read",
    (error: GraderspaceError) => `${error.tag}: ${error.message}`,
  );
}

describe("NIfTI", () => {
  it("reads any slice of a volume in both byte orders, packed or not, with its place in LPS", async () => {
    for (const bytes of [tiny(), tiny(undefined, false), gzipSync(tiny())]) {
      const slice = await read(new Uint8Array(bytes), 1);
      expect([...slice.values]).toEqual([6, 7, 8, 9, 10, 11]);
      expect(slice).toMatchObject({ width: 3, height: 2, unit: "stored", spacingMm: [0.75, 0.5] });
      // RAS (10, 20, 30 + 2) is LPS (−10, −20, 32); a step along x goes left by −0.5.
      expect(slice.geometry).toEqual({
        position: [-10, -20, 32],
        rowDirection: [-1, 0, 0],
        columnDirection: [0, -1, 0],
        thicknessMm: 2,
      });
    }
  });

  it("applies scl_slope and scl_inter, and a slope of 0 means none", async () => {
    const scaled = tiny((view) => {
      view.setFloat32(112, 0.5, true);
      view.setFloat32(116, -1, true);
    });
    expect([...(await read(scaled)).values].slice(0, 3)).toEqual([-1, -0.5, 0]);
    const none = tiny((view) => view.setFloat32(116, -1, true));
    expect([...(await read(none)).values].slice(0, 3)).toEqual([0, 1, 2]);
  });

  it("takes the qform where there is no sform, and neither where both codes are 0", async () => {
    const quaternion = tiny((view) => {
      view.setInt16(254, 0, true);
      view.setInt16(252, 1, true);
      // Half a turn about z: x and y change their sign. qfac −1 turns the slices round.
      view.setFloat32(76, -1, true);
      view.setFloat32(264, 1, true);
      for (const [i, at] of [1, 2, 3].entries()) view.setFloat32(268 + 4 * i, at, true);
    });
    expect((await read(quaternion, 1)).geometry).toEqual({
      position: [-1, -2, 1],
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      thicknessMm: 2,
    });
    const nowhere = await openNifti(
      tiny((view) => view.setInt16(254, 0, true)),
      "tiny.nii",
    );
    expect((await nowhere.slice(0)).geometry).toBeNull();
    expect(english(nowhere.notes).join()).toContain("does not say where it lies");
  });

  it("begins with the middle slice", async () => {
    expect((await openNifti(tiny(), "tiny.nii")).start).toBe(0);
    const four = tiny((view) => view.setInt16(46, 4, true));
    expect((await openNifti(four, "tiny.nii")).start).toBe(1);
  });

  it("refuses colours, pairs of files, cut files and sizes past the limits, each with its reason", async () => {
    expect(await tagOf(tiny((view) => view.setInt16(70, 128, true)))).toContain(
      "UnsupportedPixels: tiny.nii: it holds colours",
    );
    expect(await tagOf(tiny((view) => view.setUint8(345, 0x69)))).toContain("pair of files");
    expect(await tagOf(tiny().subarray(0, 370), 1)).toContain("TruncatedFile");
    const huge = tiny((view) => {
      view.setInt16(42, 32767, true);
      view.setInt16(44, 32767, true);
    });
    expect(await tagOf(huge)).toContain("TooLarge");
    expect(await tagOf(tiny((view) => view.setInt16(42, -3, true)))).toContain("DamagedFile");
    expect(await tagOf(tiny((view) => view.setFloat32(108, Number.NaN, true)))).toContain("DamagedFile");
    expect(await tagOf(new Uint8Array(gzipSync(tiny())).subarray(0, 100))).toContain("DamagedFile");
  });
});

const nibabel = python(["nibabel", "numpy"]);
const folder = temporaryFolder();

/** Writes oblique volumes of every numeric type, and prints what nibabel itself reads back of one voxel column. */
const MAKE = `
import sys, json, numpy, nibabel
folder = sys.argv[1]
rng = numpy.random.default_rng(1)
a, b = 0.3, -0.2
rx = numpy.array([[1,0,0],[0,numpy.cos(a),-numpy.sin(a)],[0,numpy.sin(a),numpy.cos(a)]])
rz = numpy.array([[numpy.cos(b),-numpy.sin(b),0],[numpy.sin(b),numpy.cos(b),0],[0,0,1]])
affine = numpy.eye(4)
affine[:3,:3] = rx @ rz @ numpy.diag([-0.7, 0.8, 2.5])
affine[:3,3] = [12.5, -33.25, 71]
out = []
for kind in ["u1","i1","i2","u2","i4","u4","i8","u8","f4","f8"]:
    for order in "<>":
        for version, form in ((1, "s"), (1, "q"), (2, "s")):
            t = numpy.dtype(order + kind)
            v = (rng.random((5, 4, 3)) * 100).astype(t)
            image = (nibabel.Nifti1Image if version == 1 else nibabel.Nifti2Image)(v, affine, dtype=t)
            h = (nibabel.Nifti1Header if version == 1 else nibabel.Nifti2Header)(endianness=order)
            h.set_data_dtype(t); h.set_data_shape(v.shape); h.set_zooms((0.7, 0.8, 2.5)); h.set_slope_inter(2.0, -3.0)
            image = image.__class__(v, affine, h)
            image.set_sform(affine, 1 if form == "s" else 0)
            image.set_qform(affine, 1 if form == "q" else 0)
            image.header.set_xyzt_units("mm")
            name = f"{folder}/{kind}{'l' if order == '<' else 'b'}{version}{form}.nii.gz"
            nibabel.save(image, name)
            back = nibabel.load(name)
            out.append({"name": name, "values": back.get_fdata()[:, :, 2].T.astype("f4").ravel().tolist(),
                        "world": (back.affine @ [3, 1, 2, 1])[:3].tolist()})
print(json.dumps(out))
`;

describe.skipIf(!nibabel)("against nibabel", () => {
  it("every numeric type, byte order and form has its values and the world point of its voxels", async () => {
    const files = JSON.parse(runTool(nibabel as string, ["-c", MAKE, folder]).toString()) as {
      name: string;
      values: number[];
      world: [number, number, number];
    }[];
    expect(files.length).toBe(60);
    for (const { name, values, world } of files) {
      const slice = await (await openNifti(new Uint8Array(readFileSync(name)), name)).slice(2);
      for (const [i, value] of values.entries()) expect(slice.values[i], name).toBeCloseTo(value, 4);
      const { position, rowDirection, columnDirection } = slice.geometry as NonNullable<Slice["geometry"]>;
      const [between, along] = slice.spacingMm as readonly [number, number];
      // Column 3, row 1; LPS back to RAS.
      const lps = position.map(
        (p, i) => p + 3 * along * (rowDirection[i] as number) + between * (columnDirection[i] as number),
      );
      const ras = [-(lps[0] as number), -(lps[1] as number), lps[2] as number];
      for (const [i, coordinate] of ras.entries()) expect(coordinate, name).toBeCloseTo(world[i] as number, 3);
    }
  });
});
