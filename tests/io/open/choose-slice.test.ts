import { describe, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import type { SourceFile } from "../../../src/io/bytes/source-file.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { chooseSlice } from "../../../src/io/open/choose-slice.ts";
import { byName, type Sorted, sortFiles } from "../../../src/io/open/sort-files.ts";
import { volumeStack } from "../../../src/io/stack/volume-stack.ts";
import { lidcXml, pngOf, sessionBytes } from "../hostile/seed-files.ts";

const file = (name: string, bytes: Uint8Array): SourceFile => ({ name, size: bytes.length, read: async () => bytes });
const png = (...grey: number[]) => pngOf(grey.length, 1, 8, 0, [Uint8Array.from(grey)]);
const volume = (name: string, ...values: number[]) => ({
  stack: volumeStack({
    name,
    format: "nrrd",
    width: values.length,
    height: 1,
    frames: 1,
    type: "f4",
    values: () => Float32Array.from(values),
  }),
});
const nothing: Sorted = {
  series: [],
  pictures: [],
  volumes: [],
  samples: [],
  marks: [],
  documents: [],
  lists: [],
  notes: [],
  leftOut: [],
};

describe("several files", () => {
  it("are sorted by what they hold; what cannot be read is left out with its reason", async () => {
    const sorted = await sortFiles([
      file("scan.png", png(1, 2, 3)),
      file("mask.png", png(1, 2, 3)),
      file("read.xml", lidcXml()),
      file("session.json", sessionBytes()),
      file("letter.txt", new TextEncoder().encode("dear colleague")),
      file("inner.zip", writeZip({ "a.txt": Uint8Array.of(1) })),
    ]);
    expect(sorted.pictures.map(({ name, maskLike }) => [name, maskLike])).toEqual([
      ["mask.png", true],
      ["scan.png", false],
    ]);
    expect([sorted.marks.length, sorted.documents.length]).toEqual([1, 1]);
    expect(sorted.leftOut.map(({ tag }) => tag)).toEqual(["NotAnImage", "UnknownFormat"]);
  });

  it("are in the order in which people count", () => {
    expect([{ name: "mask10" }, { name: "mask2" }].sort(byName).map(({ name }) => name)).toEqual(["mask2", "mask10"]);
  });
});

describe("of several volumes", () => {
  it("the one that is no label map is the slice, the others are graders", async () => {
    const [scan, labels] = [volume("scan.nrrd", -1000.5, 40), volume("labels.nrrd", 0, 1)];
    const { stack, marks, notes } = await chooseSlice({ ...nothing, volumes: [labels, scan] }, "drop");
    expect([stack?.name, marks.length]).toEqual(["scan.nrrd", 1]);
    expect(notes.map(inEnglish)).toEqual(["scan.nrrd is the slice; labels.nrrd: what a grader drew"]);
  });

  it("that are all label maps, the first is the slice; one that never holds labels comes before them", async () => {
    const [a, b] = [volume("a", 0, 1), volume("b", 0, 2)];
    expect((await chooseSlice({ ...nothing, volumes: [a, b] }, "drop")).stack?.name).toBe("a");
    const npz = { ...b, neverLabels: true as const };
    expect((await chooseSlice({ ...nothing, volumes: [a, npz] }, "drop")).stack?.name).toBe("b");
  });

  it("two scans cannot be told apart", async () => {
    const scans = [volume("a", -1, 1.5), volume("b", -2, 1.5)];
    await expect(chooseSlice({ ...nothing, volumes: scans }, "drop")).rejects.toThrow(
      "each of a, b could be the slice",
    );
  });
});
