import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { writeNpy } from "../../../src/io/numpy/npy-write.ts";
import { writeNpz } from "../../../src/io/numpy/npz-write.ts";
import { python, pythonJson } from "../../support/tools.ts";

const numpy = python(["numpy"]);

test("the header names type, order and shape, and its end lies at a multiple of 64", () => {
  const npy = writeNpy(Float32Array.from([1, -2]), [2]);
  const text = new TextDecoder("latin1").decode(npy.subarray(0, 128));
  expect(text.slice(0, 6)).toBe("\u0093NUMPY");
  expect(text).toContain("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }");
  expect(npy[8]).toBe(118); // 10 bytes before the text, 118 of text: 128
  expect(npy.length).toBe(128 + 8);
  expect([...npy.subarray(128)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]);
});

test("a shape that does not hold the values is refused", () => {
  expect(() => writeNpy(new Uint8Array(5), [2, 3])).toThrow("[2, 3]");
});

test("the same arrays give the same bytes, in the order given", () => {
  const arrays = {
    b: { values: Uint8Array.from([1]), shape: [1] },
    a: { values: Int32Array.from([-1]), shape: [] },
  };
  expect(writeNpz(arrays)).toEqual(writeNpz(arrays));
  expect(Object.keys(unzipSync(writeNpz(arrays)))).toEqual(["b.npy", "a.npy"]);
});

test.skipIf(!numpy)("NumPy reads every type and shape back", () => {
  const folder = mkdtempSync(join(tmpdir(), "npz-"));
  const file = join(folder, "x.npz");
  writeFileSync(
    file,
    writeNpz({
      maps: { values: Float32Array.from([0.1, -1, 2, 3, 4, 5]), shape: [1, 2, 3] },
      origin: { values: Int32Array.from([-7, 300]), shape: [2] },
      graders: { values: Uint8Array.from([0, 255]), shape: [2, 1] },
      z: { values: new Float32Array(0), shape: [4, 0] },
    }),
  );
  const program = `import numpy, json, sys
f = numpy.load(sys.argv[1])
print(json.dumps({k: [str(f[k].dtype), list(f[k].shape), f[k].ravel().tolist()] for k in f.files}))`;
  expect(pythonJson(numpy as string, program, file)).toEqual({
    maps: ["float32", [1, 2, 3], [Math.fround(0.1), -1, 2, 3, 4, 5]],
    origin: ["int32", [2], [-7, 300]],
    graders: ["uint8", [2, 1], [0, 255]],
    z: ["float32", [4, 0], []],
  });
  rmSync(folder, { recursive: true });
});
