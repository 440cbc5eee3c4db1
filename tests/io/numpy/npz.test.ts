import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openZip } from "../../../src/io/bytes/zip.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { openCases } from "../../../src/io/numpy/cases-npz.ts";
import { writeNpy } from "../../../src/io/numpy/npy-write.ts";
import { openNpz } from "../../../src/io/numpy/npz.ts";
import { openNpzImage } from "../../../src/io/numpy/npz-image.ts";
import { writeNpz } from "../../../src/io/numpy/npz-write.ts";
import { english } from "../../support/english.ts";
import { missing, sharedFile } from "../../support/shared.ts";
import { zipBytes } from "../hostile/structured/documents/zip-seed.ts";

/** Two cases of 2 × 9 pixels with two graders, masks bit-packed along x into 2 bytes. */
function small(): Uint8Array {
  const images = Uint8Array.from({ length: 36 }, (_, i) => i);
  // Case 1, grader 0: pixel (0, 0) and (8, 1); the rest of the slots are empty.
  const masks = new Uint8Array(2 * 2 * 2 * 2);
  masks[8] = 0b10000000;
  masks[11] = 0b10000000;
  return writeNpz({ images: { values: images, shape: [2, 2, 9] }, masks: { values: masks, shape: [2, 2, 2, 2] } });
}

/** A `<U5` array as numpy writes it: UTF-32. */
function textArray(words: readonly string[]): Uint8Array {
  const header = `{'descr': '<U5', 'fortran_order': False, 'shape': (${words.length},), }`;
  const items = new Uint32Array(5 * words.length);
  words.forEach((word, i) => {
    items.set(
      [...word].map((letter) => letter.codePointAt(0) as number),
      5 * i,
    );
  });
  const start = Buffer.concat([Buffer.from([0x93]), Buffer.from("NUMPY"), Buffer.from([1, 0, header.length, 0])]);
  return Buffer.concat([start, Buffer.from(header), new Uint8Array(items.buffer)]);
}

describe("npz", () => {
  it("gives its arrays by name, a few rows at a time", async () => {
    const arrays = openNpz(openZip(small(), "a.npz"), "a.npz");
    expect([...arrays.keys()]).toEqual(["images", "masks"]);
    expect([...((await arrays.get("images")?.numbers(1, 2)) ?? [])].slice(0, 3)).toEqual([18, 19, 20]);
  });

  it("reads numpy's text", async () => {
    const zip = writeZip({ "split.npy": textArray(["train", "val", "ütest"]) });
    expect(await openNpz(openZip(zip, "a.npz"), "a.npz").get("split")?.texts()).toEqual(["train", "val", "ütest"]);
  });

  it("refuses an array whose shape needs more than its entry declares", () => {
    const entry = textArray(["train"]).subarray(0, 80);
    expect(() => openNpz(openZip(writeZip({ "split.npy": entry }), "a.npz"), "a.npz")).toThrow(/its shape needs/);
  });

  it("opens a set of cases as a stack with its graders; a slot without a pixel drew nothing", async () => {
    const stack = openNpzImage(openZip(small(), "a.npz"), "a.npz");
    expect(stack).toMatchObject({ frames: 2, start: 0, format: "npz" });
    const graders = (await stack.graders?.(1)) ?? [];
    expect(graders.map(({ name }) => name)).toEqual(["Grader 1", "Grader 2"]);
    // Most significant bit first: pixel 0 of row 0, and pixel 8, the first bit of the second byte, of row 1.
    const bits = graders[0]?.mask?.bits as Uint8Array;
    expect([bits[0], bits[9 + 8], bits.reduce((sum, bit) => sum + bit, 0)]).toEqual([1, 1, 2]);
    expect(graders[1]?.mask).toBeNull();
  });

  it("shows the array that is a picture, and says so", async () => {
    const zip = writeNpz({
      z: { values: new Float32Array(6), shape: [6] },
      image: { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2] },
    });
    const stack = openNpzImage(openZip(zip, "a.npz"), "a.npz");
    expect([...(await stack.slice(0)).values]).toEqual([1, 2, 3, 4]);
    expect(english(stack.notes)).toEqual(['a.npz: of its 2 arrays, "image" is shown']);
  });

  it("says surplus of a set of cases too: of its pictures and of its masks", () => {
    const more = (shape: readonly number[]) => {
      const count = shape.reduce((product, side) => product * side);
      return Buffer.concat([writeNpy(new Uint8Array(count), shape), Buffer.alloc(5)]);
    };
    const zip = zipBytes([
      { name: "images.npy", data: more([2, 3, 4]) },
      { name: "masks.npy", data: more([2, 1, 3, 4]) },
    ]);
    expect(english(openNpzImage(openZip(zip, "a.npz"), "a.npz").notes)).toEqual([
      expect.stringContaining("a.npz › images: it holds 5 bytes more"),
      expect.stringContaining("a.npz › masks: it holds 5 bytes more"),
    ]);
  });

  it("checks the checksum of an entry when it is read: one that nobody asks for may be damaged", async () => {
    // What is never unpacked cannot show; a pack of 10 GB is not read through to open its first case.
    const npy = (value: number) => writeNpy(Uint8Array.of(value, value), [1, 2]);
    const zip = (damaged: string) =>
      zipBytes(
        ["image", "other"].map((name) => ({
          name: `${name}.npy`,
          data: npy(3),
          ...(name === damaged ? { crc: 1 } : {}),
        })),
      );
    const shown = (bytes: Uint8Array) => openNpzImage(openZip(bytes, "a.npz"), "a.npz").slice(0);
    expect([...(await shown(zip("other"))).values]).toEqual([3, 3]);
    await expect(shown(zip("image"))).rejects.toThrow("its checksum is wrong");
  });
});

const crops = "lidc/crops.npz";

describe.skipIf(missing(crops, "the crops themselves are not committed"))("the LIDC crops", { tags: ["ci"] }, () => {
  it("are read row by row, with masks, split and patient", async () => {
    const bytes = new Uint8Array(readFileSync(sharedFile(crops) as string));
    const cases = openCases(openZip(bytes, "crops.npz"), "crops.npz");
    expect(cases).toMatchObject({ rows: 12_180, width: 128, height: 128, graders: 4 });
    const split = (await cases.column("split")) as string[];
    const count = (name: string) => split.filter((each) => each === name).length;
    // The numbers of the data's own README.
    expect([count("train"), count("val"), count("test")]).toEqual([9189, 1528, 1463]);
    const drew = async (row: number) => (await cases.masks(row)).filter(({ bits }) => bits.includes(1)).length;
    const slice = await cases.slice(5);
    // Each crop was scaled to 0…255 on its own.
    expect([Math.min(...slice.values), Math.max(...slice.values)]).toEqual([0, 255]);
    cases.keepWhole();
    const perCase: number[] = [0, 0, 0, 0, 0];
    for (const [row, name] of split.entries()) if (name === "val") perCase[await drew(row)]! += 1;
    expect(perCase).toEqual([0, 473, 294, 276, 485]);
  });
});
