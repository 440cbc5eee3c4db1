import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "fflate";
import { afterAll, describe, expect, test } from "vitest";
import type { Slice } from "../../../src/core/values/slice.ts";
import { openDicom } from "../../../src/io/dicom/file.ts";
import { quaternionOf } from "../../../src/io/geometry/affine.ts";
import { openNifti } from "../../../src/io/nifti/nifti.ts";
import { writeNifti } from "../../../src/io/nifti/nifti-write.ts";
import type { Origin } from "../../../src/io/stack/stack.ts";
import { type CtSlice, ctDicom, turned } from "../../support/ct-dicom.ts";
import { python, pythonJson, tool } from "../../support/tools.ts";

const nibabel = python(["nibabel", "numpy"]);
const dcm2niix = tool("dcm2niix");
const folder = mkdtempSync(join(tmpdir(), "nifti-"));
afterAll(() => rmSync(folder, { recursive: true }));

const AXIAL = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
const SAGITTAL = { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] } as const;
const PLACES: readonly (readonly [string, CtSlice])[] = [
  ["axial", ct(21, 13, AXIAL)],
  ["oblique", ct(21, 13, turned([20, -15, 30]))],
  ["flipped", ct(9, 17, turned([0, 0, 0], true))],
  ["oblique and flipped", ct(12, 11, turned([-40, 10, 5], true))],
  ["sagittal", ct(10, 7, SAGITTAL)],
  ["upside down", ct(10, 7, { rowDirection: [1, 0, 0], columnDirection: [0, -1, 0] })],
];

function ct(width: number, height: number, directions: Pick<CtSlice, "rowDirection" | "columnDirection">): CtSlice {
  const values = Float32Array.from({ length: width * height }, (_, i) => i - 500);
  const position = [-100.25, 33.3, -512.125] as const;
  return { width, height, values, spacingMm: [0.7, 0.6], position, thicknessMm: 2.5, ...directions };
}

function sliceOf(from: CtSlice): Slice {
  const { width, height, spacingMm, position, rowDirection, columnDirection, thicknessMm } = from;
  return {
    width,
    height,
    values: Float32Array.from(from.values),
    unit: "HU",
    spacingMm,
    geometry: { position, rowDirection, columnDirection, thicknessMm },
    padding: null,
    modality: "CT",
    name: "",
  };
}

async function dicomOrigin(from: CtSlice): Promise<Origin> {
  const { dataset } = await openDicom(ctDicom(from), "ct.dcm");
  return { kind: "dicom", dataset, frame: 0, frames: 1 };
}

const header = (bytes: Uint8Array) => new DataView(gunzipSync(bytes).buffer);

test("masks are 8-bit labels, several along a fourth dimension; maps are floats in three", () => {
  const slice = sliceOf(ct(3, 2, AXIAL));
  const masks = [new Uint8Array(6).fill(1), new Uint8Array(6)];
  const four = header(writeNifti({ pictures: masks, description: "samples" }, slice, { kind: "none" }));
  const dims = (view: DataView) => Array.from({ length: 6 }, (_, i) => view.getInt16(40 + 2 * i, true));
  expect(dims(four)).toEqual([4, 3, 2, 1, 2, 1]);
  expect([four.getInt16(68, true), four.getInt16(70, true), four.byteLength]).toEqual([1002, 2, 352 + 12]);
  const one = header(writeNifti({ pictures: [slice.values], description: "map" }, slice, { kind: "none" }));
  expect(dims(one)).toEqual([3, 3, 2, 1, 1, 1]);
  expect([one.getInt16(70, true), one.getFloat32(352 + 4, true)]).toEqual([16, -499]);
});

test("the codes say where the place comes from: 1 a scanner, 2 another file, 0 nobody", async () => {
  const from = ct(3, 2, AXIAL);
  const codes = (slice: Slice, origin: Origin) => {
    const view = header(writeNifti({ pictures: [slice.values], description: "" }, slice, origin));
    return [view.getInt16(252, true), view.getInt16(254, true), view.getUint8(123)];
  };
  expect(codes(sliceOf(from), await dicomOrigin(from))).toEqual([1, 1, 2]);
  expect(codes(sliceOf(from), { kind: "none" })).toEqual([2, 2, 2]);
  expect(codes({ ...sliceOf(from), geometry: null }, { kind: "none" })).toEqual([0, 0, 2]);
  expect(codes({ ...sliceOf(from), geometry: null, spacingMm: null }, { kind: "none" })).toEqual([0, 0, 0]);
});

test("the same pictures give the same bytes", () => {
  const slice = sliceOf(ct(5, 4, AXIAL));
  const write = () => writeNifti({ pictures: [slice.values], description: "x" }, slice, { kind: "none" });
  expect(write()).toEqual(write());
});

test("axes that are no right angles have no quaternion", () => {
  expect(
    quaternionOf([
      [1, 0.5, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ]),
  ).toBeNull();
});

test.each(PLACES)("our own reader finds the %s slice where it was", async (_, from) => {
  const slice = sliceOf(from);
  const bytes = writeNifti({ pictures: [slice.values], description: "" }, slice, await dicomOrigin(from));
  const volume = await openNifti(bytes, "x.nii.gz");
  const { values, geometry } = await volume.slice(0);
  expect(values).toEqual(slice.values);
  for (const axis of [0, 1, 2] as const) {
    expect(geometry?.position[axis]).toBeCloseTo(from.position[axis], 4);
    expect(geometry?.rowDirection[axis]).toBeCloseTo(from.rowDirection[axis], 6);
    expect(geometry?.columnDirection[axis]).toBeCloseTo(from.columnDirection[axis], 6);
  }
});

const POINTS = `import nibabel, numpy, json, sys
def points(file):
    f = nibabel.load(file); v = numpy.asarray(f.dataobj); v = v.reshape(v.shape[:3])
    ijk = numpy.indices(v.shape).reshape(3, -1)
    return f, (f.affine @ numpy.vstack([ijk, numpy.ones(ijk.shape[1])]))[:3].T, v.ravel()
`;

describe.skipIf(!nibabel)("nibabel", { tags: ["ci"] }, () => {
  test.each(PLACES)("finds both forms of the %s slice the same, and its values", async (name, from) => {
    const slice = sliceOf(from);
    const file = join(folder, `ours-${name.replaceAll(" ", "-")}.nii.gz`);
    writeFileSync(file, writeNifti({ pictures: [slice.values], description: "x" }, slice, await dicomOrigin(from)));
    const program = `${POINTS}f, p, v = points(sys.argv[1])
print(json.dumps({'apart': float(abs(f.get_qform() - f.get_sform()).max()), 'zooms': [float(z) for z in f.header.get_zooms()],
 'codes': [int(f.header['qform_code']), int(f.header['sform_code'])], 'first': p[0].tolist(), 'right': p[f.shape[1] * f.shape[2]].tolist()}))`;
    const found = pythonJson(nibabel as string, program, file) as Record<string, number[]> & { apart: number };
    expect(found.apart).toBeLessThan(1e-4);
    expect(found["codes"]).toEqual([1, 1]);
    for (const [i, zoom] of [0.6, 0.7, 2.5].entries()) expect(found["zooms"]?.[i]).toBeCloseTo(zoom, 5);
    // RAS: x and y turn their sign. One column on is one step of 0.6 mm along the row.
    for (const [axis, sign] of [-1, -1, 1].entries()) {
      const start = sign * (from.position[axis] as number);
      expect(found["first"]?.[axis]).toBeCloseTo(start, 4);
      expect(found["right"]?.[axis]).toBeCloseTo(start + sign * 0.6 * (from.rowDirection[axis] as number), 4);
    }
  });

  test("finds the forms of a NIfTI source, moved to the slice that was exported", async () => {
    // Left-handed: the third axis points down. Two forms that differ: both must come back.
    const make = `import nibabel, numpy, sys
a = numpy.array([[-0.7,0,0,90],[0,0.6,0.1,-80],[0,0.1,-2.5,30],[0,0,0,1.]]); q = numpy.diag([-0.7,0.6,2.5,1.]); q[:3,3] = 5
f = nibabel.Nifti1Image(numpy.arange(60, dtype=numpy.int16).reshape(5,4,3), a); f.set_sform(a, 4); f.set_qform(q, 1)
nibabel.save(f, sys.argv[1])
import json; print(json.dumps([f.get_qform().tolist(), f.get_sform().tolist()]))`;
    const file = join(folder, "source.nii");
    pythonJson(nibabel as string, make, file);
    const { readFileSync } = await import("node:fs");
    const source = await openNifti(readFileSync(file), "source.nii");
    const slice = await source.slice(2);
    const ours = join(folder, "moved.nii.gz");
    writeFileSync(ours, writeNifti({ pictures: [slice.values], description: "" }, slice, await source.origin(2)));
    const program = `import nibabel, numpy, json, sys
s, o = nibabel.load(sys.argv[1]), nibabel.load(sys.argv[2]); t = numpy.eye(4); t[2,3] = 2
print(json.dumps({'q': float(abs(s.get_qform() @ t - o.get_qform()).max()), 's': float(abs(s.get_sform() @ t - o.get_sform()).max()),
 'codes': [int(o.header['qform_code']), int(o.header['sform_code'])],
 'same': bool((numpy.asarray(s.dataobj)[:,:,2] == numpy.asarray(o.dataobj)[:,:,0]).all())}))`;
    const found = pythonJson(nibabel as string, program, file, ours) as { q: number; s: number };
    expect(found).toMatchObject({ codes: [1, 4], same: true });
    expect(Math.max(found.q, found.s)).toBeLessThan(1e-4);
  });
});

describe.skipIf(!nibabel || !dcm2niix)("dcm2niix", { tags: ["ci"] }, () => {
  test.each(PLACES)("puts every voxel of the %s slice at the same point with the same value", async (name, from) => {
    const place = join(folder, `dcm-${name.replaceAll(" ", "-")}`);
    mkdirSync(place);
    writeFileSync(join(place, "ct.dcm"), ctDicom(from));
    execFileSync(dcm2niix as string, ["-z", "n", "-b", "n", "-f", "theirs", "-o", place, place]);
    const theirs = readdirSync(place).find((file) => file.endsWith(".nii"));
    const slice = sliceOf(from);
    const ours = join(place, "ours.nii.gz");
    writeFileSync(ours, writeNifti({ pictures: [slice.values], description: "" }, slice, await dicomOrigin(from)));
    const program = `${POINTS}_, p, v = points(sys.argv[1]); _, q, w = points(sys.argv[2])
d = numpy.linalg.norm(p[:, None] - q[None], axis=2); near = d.argmin(axis=1)
print(json.dumps({'count': [len(v), len(w)], 'apart': float(d.min(axis=1).max()), 'same': bool((v == w[near]).all())}))`;
    const found = pythonJson(nibabel as string, program, ours, join(place, theirs as string)) as { apart: number };
    const count = from.width * from.height;
    expect(found).toMatchObject({ count: [count, count], same: true });
    expect(found.apart).toBeLessThan(1e-3);
  });
});
