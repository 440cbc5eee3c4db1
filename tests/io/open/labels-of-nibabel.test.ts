import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openFiles } from "../../../src/io/open/open.ts";
import { python, pythonJson, temporaryFolder } from "../../support/tools.ts";

const nibabel = python(["nibabel", "numpy"]);
const folder = temporaryFolder();

/** A scan, three one-hot readers along a fourth axis with their rows turned round, and all of it in a zip in a zip. */
const MAKE = `
import sys, json, io, tarfile, zipfile, nibabel, numpy
out = sys.argv[1]
rng = numpy.random.default_rng(3)
affine = numpy.array([[-0.7, 0, 0, 12.5], [0, -0.8, 0, 40], [0, 0, 2.5, 7], [0, 0, 0, 1.0]])
scan = rng.integers(-900, 400, (6, 5, 4)).astype("i2")
readers = (rng.random((6, 5, 4, 3)) > 0.5).astype("u1")
turned = affine @ numpy.array([[1, 0, 0, 0], [0, -1, 0, 4], [0, 0, 1, 0], [0, 0, 0, 1.0]])
nibabel.save(nibabel.Nifti1Image(scan, affine), out + "/scan.nii.gz")
nibabel.save(nibabel.Nifti1Image(readers[:, ::-1], turned), out + "/labels.nii.gz")
inner = io.BytesIO()
with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as z:
    for name in ("scan", "labels"): z.write(f"{out}/{name}.nii.gz", f"data/{name}.nii.gz")
with zipfile.ZipFile(out + "/outer.zip", "w") as z: z.writestr("inner.zip", inner.getvalue())
with tarfile.open(out + "/data.tar.gz", "w:gz") as t:
    for name in ("scan", "labels"): t.add(f"{out}/{name}.nii.gz", f"data/{name}.nii.gz")
there = nibabel.load(out + "/labels.nii.gz").get_fdata()[:, ::-1]
print(json.dumps([scan[:, :, 2].T.ravel().tolist(), [there[:, :, 2, r].T.astype(int).ravel().tolist() for r in range(3)]]))
`;

it.skipIf(!nibabel)(
  "labels of three readers along a fourth axis lie on the scan as nibabel has them, in zip, zip in zip and tar.gz",
  async () => {
    const [scan, readers] = pythonJson(nibabel as string, MAKE, folder) as [number[], number[][]];
    const bytes = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) });
    for (const given of [
      [bytes("scan.nii.gz"), bytes("labels.nii.gz")],
      [bytes("outer.zip")],
      [bytes("data.tar.gz")],
    ]) {
      const opened = await openFiles(given);
      if (opened.kind !== "image") throw new Error(opened.kind);
      const { stack } = opened;
      expect([...(await stack.slice(2)).values]).toEqual(scan);
      expect((await stack.graders?.(2))?.map(({ mask }) => [...(mask?.bits ?? [])])).toEqual(readers);
    }
  },
);
