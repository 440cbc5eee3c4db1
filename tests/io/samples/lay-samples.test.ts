import { describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import type { GivenSamples } from "../../../src/core/samples/sample-set.ts";
import type { Geometry, Mask, Slice } from "../../../src/core/values/slice.ts";
import type { Incoming } from "../../../src/io/bytes/source-file.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writeNifti } from "../../../src/io/nifti/nifti-write.ts";
import { writeSegNrrd } from "../../../src/io/nrrd/nrrd-write.ts";
import { type NpyData, writeNpy } from "../../../src/io/numpy/npy-write.ts";
import { writeNpz } from "../../../src/io/numpy/npz-write.ts";
import { type Opened, openFile, openFiles } from "../../../src/io/open/open.ts";
import { pngOfMask } from "../../../src/io/raster/png-write.ts";
import { laySamples } from "../../../src/io/samples/lay-samples.ts";
import type { MethodSamples } from "../../../src/io/samples/method-samples.ts";
import { placeWithout, plainStack, type Stack, storedSlice } from "../../../src/io/stack/stack.ts";
import { english } from "../../support/english.ts";

const [WIDTH, HEIGHT] = [4, 3];
const PIXELS = WIDTH * HEIGHT;
/** A mask of one pixel. */
const pixel = (at: number): Mask => ({
  width: WIDTH,
  height: HEIGHT,
  bits: Uint8Array.from({ length: PIXELS }, (_, i) => Number(i === at)),
});
const geometry = (z: number): Geometry => ({
  position: [0, 0, z],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  thicknessMm: 1,
});

/** So many slices of 1 mm. */
function stackOf(frames: number, placed = true): Stack {
  const slice = (frame: number): Slice => ({
    ...storedSlice({ width: WIDTH, height: HEIGHT }, new Float32Array(PIXELS), "scan"),
    ...(placed && { spacingMm: [1, 1], geometry: geometry(frame) }),
  });
  return plainStack({
    name: "scan",
    format: "test",
    frames,
    start: 0,
    slice: async (frame) => slice(frame),
    place: (frame) => placeWithout(frames > 1 ? frame : null, placed ? geometry(frame) : null),
  });
}

const named = (files: Record<string, Uint8Array>): Incoming[] =>
  Object.entries(files).map(([name, bytes]) => ({ name, bytes }));

/** The only method of what was opened. */
function only(opened: Opened): MethodSamples {
  const samples = "samples" in opened ? opened.samples : undefined;
  if (samples?.length !== 1) throw new Error(`${opened.kind}: ${samples?.length} methods`);
  return samples[0] as MethodSamples;
}

/** Which pixel each sample marks, and its value there. */
function marked(given: GivenSamples | null): [number, number][] {
  if (!given) throw new Error("no samples");
  return Array.from({ length: given.count }, (_, n) => {
    const own = given.values.subarray(n * PIXELS, (n + 1) * PIXELS);
    const at = own.findIndex((value) => value > 0);
    return [at, own[at] ?? 0];
  });
}

async function laid(files: Record<string, Uint8Array>, stack = stackOf(1, false), shown = 0) {
  const list = named(files);
  const opened = list.length === 1 ? await openFile(list[0] as Incoming) : await openFiles(list);
  const samples = only(opened);
  return { method: samples.method, ...(await laySamples(samples, stack, shown)) };
}

const npy = (values: NpyData, ...shape: number[]) => writeNpy(values, shape);
const masks = (...at: number[]) => Uint8Array.from(at.flatMap((one) => [...pixel(one).bits]));

describe("samples of one slice", () => {
  it("are PNG masks whose names or folder say the method, in the order in which a person counts", async () => {
    const files = {
      "samples_flow-10.png": pngOfMask(pixel(10)),
      "samples_flow-2.png": pngOfMask(pixel(2)),
      "samples_flow-3.png": pngOfMask(pixel(3)),
    };
    const { method, count, read } = await laid(files);
    expect([method, count]).toEqual(["flow", 3]);
    expect(marked(await read(0))).toEqual([
      [2, 1],
      [3, 1],
      [10, 1],
    ]);
    const folder = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name.replace("flow-", "a/"), bytes]),
    );
    expect((await laid(folder)).method).toBe("a");
    const zip = writeZip({ "1.png": files["samples_flow-2.png"], "2.png": files["samples_flow-3.png"] });
    expect(await laid({ "samples_b.zip": zip })).toMatchObject({ method: "b", count: 2 });
  });

  it("are an npy of masks [N, H, W], or of P as it is, to the last digit", async () => {
    expect(marked(await (await laid({ "samples_m.npy": npy(masks(5, 7), 2, HEIGHT, WIDTH) })).read(0))).toEqual([
      [5, 1],
      [7, 1],
    ]);
    const shares = Float32Array.from(masks(5, 7), (bit) => bit * 0.3);
    const { read } = await laid({ "samples_m.npy": npy(shares, 2, HEIGHT, WIDTH) });
    expect(marked(await read(0))[0]).toEqual([5, Math.fround(0.3)]);
  });

  it("are the arrays of an npz, each method by its name; bits along x, the first the highest, are masks too", async () => {
    const packed = Uint8Array.of(0b01000000, 0, 0, 0b00010000, 0, 0); // pixels (1, 0) and (3, 0) of 4 × 3
    const npz = writeNpz({
      samples_a: { values: masks(0), shape: [1, HEIGHT, WIDTH] },
      samples_b: { values: packed, shape: [2, HEIGHT, 1] },
    });
    const opened = await openFile({ name: "given.npz", bytes: npz });
    const [a, b] = opened.kind === "samples" ? opened.samples : [];
    expect([a?.method, b?.method]).toEqual(["a", "b"]);
    expect(marked(await (await laySamples(b as MethodSamples, stackOf(1, false), 0)).read(0))).toEqual([
      [1, 1],
      [3, 1],
    ]);
  });

  it("are the segments of a .seg.nrrd, or each label of a volume", async () => {
    const slice = await stackOf(1).slice(0);
    const segments = [2, 9].map((at) => ({
      label: `Sample ${at}`,
      algorithm: "AUTOMATIC" as const,
      colour: [255, 0, 0] as const,
      masks: [pixel(at)],
    }));
    const nrrd = writeSegNrrd(segments as unknown as Parameters<typeof writeSegNrrd>[0], slice);
    expect(marked(await (await laid({ "samples_s.seg.nrrd": nrrd }, stackOf(1))).read(0))).toEqual([
      [2, 1],
      [9, 1],
    ]);
  });

  it("beside the slice and its graders are told from both", async () => {
    const scan = npy(
      Int16Array.from({ length: PIXELS }, (_, i) => 17 * i - 100),
      HEIGHT,
      WIDTH,
    );
    const opened = await openFiles(
      named({ "scan.npy": scan, "grader-1.png": pngOfMask(pixel(4)), "samples_m/1.png": pngOfMask(pixel(5)) }),
    );
    if (opened.kind !== "image") throw new Error(opened.kind);
    expect((await opened.stack.graders?.(0))?.map(({ mask }) => mask?.bits.indexOf(1))).toEqual([4]);
    expect(only(opened)).toMatchObject({ method: "m" });
  });

  it("without a name are asked about: as many as there are", async () => {
    const opened = await openFiles(named({ "f-1.png": pngOfMask(pixel(1)), "f-2.png": pngOfMask(pixel(2)) }));
    const candidate = await ("asSamples" in opened ? opened.asSamples?.() : null);
    expect(candidate?.method).toBe("f");
    expect((await laySamples(candidate as MethodSamples, stackOf(1, false), 0)).count).toBe(2);
    const shares = npy(
      Float32Array.from(masks(5, 7), (bit) => bit * 0.3),
      2,
      HEIGHT,
      WIDTH,
    );
    const image = await openFile({ name: "shares.npy", bytes: shares });
    expect("asSamples" in image && image.asSamples).toBeTruthy();
    const ct = npy(
      Float32Array.from({ length: 2 * PIXELS }, (_, i) => i),
      2,
      HEIGHT,
      WIDTH,
    );
    expect(await openFile({ name: "ct.npy", bytes: ct })).not.toHaveProperty("asSamples");
  });
});

describe("samples of a stack", () => {
  it("are a fourth axis of NIfTI, laid by geometry: masks or P", async () => {
    const slice = await stackOf(1).slice(0);
    const volumes = [pixel(6), pixel(8)].map(({ bits }) => Uint8Array.from(bits));
    const nifti = writeNifti({ pictures: volumes, description: "" }, slice, { kind: "none" });
    const { count, alone, read } = await laid({ "samples_n.nii": nifti }, stackOf(2), 0);
    expect([count, alone]).toEqual([2, false]);
    expect(marked(await read(0))).toEqual([
      [6, 1],
      [8, 1],
    ]);
    expect(marked(await read(1))).toEqual([
      [-1, 0],
      [-1, 0],
    ]); // where the file does not reach nothing is marked
    const shares = volumes.map((bits) => Float32Array.from(bits, (bit) => 0.75 * bit));
    const ofShares = writeNifti({ pictures: shares, description: "" }, slice, { kind: "none" });
    const { read: readShares } = await laid({ "samples_n.nii": ofShares }, stackOf(2), 0);
    expect(marked(await readShares(0))).toEqual([
      [6, 0.75],
      [8, 0.75],
    ]);
  });

  it("are [N, D, H, W]: sample n of slice d is at (n, d)", async () => {
    const values = masks(0, 1, 2, 3, 4, 5); // two samples of three slices
    const { read, alone } = await laid({ "samples_v.npy": npy(values, 2, 3, HEIGHT, WIDTH) }, stackOf(3, false));
    expect(alone).toBe(false);
    expect(marked(await read(1))).toEqual([
      [1, 1],
      [4, 1],
    ]);
  });

  it("[N, H, W] are of the slice shown alone, which is said", async () => {
    const { read, notes } = await laid({ "samples_v.npy": npy(masks(3), 1, HEIGHT, WIDTH) }, stackOf(3, false), 2);
    expect(marked(await read(2))).toEqual([[3, 1]]);
    expect(await read(1)).toBeNull();
    expect(english(notes)).toEqual(["v: its samples say nothing of their place, so they are of 3 of 3 alone"]);
  });
});

describe("samples that do not lie there", () => {
  const refusal = (files: Record<string, Uint8Array>, stack = stackOf(1, false)) =>
    laid(files, stack)
      .then(async ({ read }) => `${await read(0)}`)
      .catch((error: unknown) =>
        error instanceof GraderspaceError ? `${error.tag}: ${error.message}` : String(error),
      );

  it("are refused with a sentence: another size, another depth, another place", async () => {
    const five = npy(new Uint8Array(20), 1, 4, 5);
    expect(await refusal({ "samples_m.npy": five })).toBe(
      "GeometryMismatch: samples_m.npy: `samples_m` holds pictures of 5 × 4 pixels, and the slice has 4 × 3; make the samples in the size of the slice.",
    );
    const deep = npy(new Uint8Array(2 * PIXELS), 1, 2, HEIGHT, WIDTH);
    expect(await refusal({ "samples_m.npy": deep })).toContain(
      "is [1, 2, 3, 4], and the slice on the screen is one of 1",
    );
    const far = writeNifti(
      { pictures: [pixel(1).bits], description: "" },
      { ...(await stackOf(1).slice(0)), geometry: geometry(500) },
      { kind: "none" },
    );
    expect(await refusal({ "samples_m.nii": far }, stackOf(1))).toContain("it lies in another place");
  });

  it("are refused where values are neither masks nor probabilities", async () => {
    expect(await refusal({ "samples_m.npy": npy(new Uint8Array(PIXELS).fill(7), 1, HEIGHT, WIDTH) })).toContain(
      "holds 7, which is neither",
    );
    expect(await refusal({ "samples_m.npy": npy(new Float32Array(PIXELS).fill(-2), 1, HEIGHT, WIDTH) })).toContain(
      "holds -2, which is neither",
    );
    expect(
      await refusal({ "samples_m.npy": npy(new Float32Array(PIXELS).fill(Number.NaN), 1, HEIGHT, WIDTH) }),
    ).toContain("NaN");
    expect(await refusal({ "samples_m.npy": npy(new Int16Array(PIXELS), 1, HEIGHT, WIDTH) })).toContain(
      "of numpy's type i2",
    );
  });
});
