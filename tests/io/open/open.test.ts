import { describe, expect, it } from "vitest";
import type { GraderspaceError } from "../../../src/core/errors.ts";
import type { Incoming } from "../../../src/io/bytes/source-file.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writeNifti } from "../../../src/io/nifti/nifti-write.ts";
import { type Opened, openFile, openFiles } from "../../../src/io/open/open.ts";
import { pngOfMask } from "../../../src/io/raster/png-write.ts";
import type { Stack } from "../../../src/io/stack/stack.ts";
import { ctDicom } from "../../support/ct-dicom.ts";
import { dicomBytes, tinyCt, type Written } from "../../support/dicom-bytes.ts";
import { english } from "../../support/english.ts";
import { lidcXml, pngOf, sessionBytes } from "../hostile/seed-files.ts";

const rows = (...lines: number[][]) => lines.map((line) => Uint8Array.from(line));
const scan = pngOf(3, 2, 8, 0, rows([10, 20, 30], [40, 50, 60]));
const mask = (...bits: number[]) => pngOfMask({ width: 3, height: 2, bits: Uint8Array.from(bits) });
const named = (files: Record<string, Uint8Array>): Incoming[] =>
  Object.entries(files).map(([name, bytes]) => ({ name, bytes }));

function ct(uid: string, z: number, ...more: Written[]): Uint8Array {
  const pixels: Written = [0x7fe00010, "OW", [z, 1, 2, 3, 4, 5]];
  return dicomBytes(
    "1.2.840.10008.1.2.1",
    tinyCt(pixels, [0x00080018, "UI", uid], [0x00200032, "DS", `0\\0\\${z}`], ...more),
  );
}

function stackOf(opened: Opened): Stack {
  if (opened.kind !== "image") throw new Error(`it is ${opened.kind}`);
  return opened.stack;
}

async function refusal(files: Incoming[]): Promise<string> {
  return openFiles(files).then(
    (opened) => opened.kind,
    (error: GraderspaceError) => `${error.tag}: ${error.message}`,
  );
}

describe("one file", () => {
  it("is opened by its contents, whatever its name", async () => {
    expect(stackOf(await openFile({ name: "letter.txt", bytes: ct("1.2", 5) })).format).toBe("dicom");
    expect(stackOf(await openFile({ name: "IM000", bytes: scan })).format).toBe("png");
    expect((await openFile({ name: "a", bytes: lidcXml() })).kind).toBe("marks");
    expect((await openFile({ name: "a", bytes: sessionBytes() })).kind).toBe("session");
  });

  it("of no known format is refused with what is read", async () => {
    const error = await refusal(named({ "notes.txt": new TextEncoder().encode("dear colleague, no picture here") }));
    expect(error).toMatch(/^UnknownFormat: notes.txt: .*open DICOM, NIfTI/);
  });
});

describe("a slice with masks beside it", () => {
  it("PNG masks are graders in the order of their names, which is said", async () => {
    const files = named({
      "mask10.png": mask(0, 0, 0, 0, 0, 1),
      "mask2.png": mask(1, 0, 0, 0, 0, 0),
      "scan.png": scan,
    });
    const stack = stackOf(await openFiles(files));
    expect([...(await stack.slice(0)).values]).toEqual([10, 20, 30, 40, 50, 60]);
    const graders = (await stack.graders?.(0)) ?? [];
    expect(graders.map(({ name, mask: drawn }) => [name, [...(drawn?.bits ?? [])]])).toEqual([
      ["Grader 1", [1, 0, 0, 0, 0, 0]],
      ["Grader 2", [0, 0, 0, 0, 0, 1]],
    ]);
    expect(english(stack.notes).join()).toBe(
      "scan.png is the slice; mask2.png, mask10.png: the graders' masks, in the order of their names",
    );
  });

  it("an empty mask is a grader who drew nothing", async () => {
    const stack = stackOf(await openFiles(named({ "scan.dcm": ct("1.2", 5), "grader 1.png": mask(0, 0, 0, 0, 0, 0) })));
    expect(await stack.graders?.(0)).toEqual([{ name: "Grader 1", mask: null }]);
  });

  it("a mask of another size is left out with both sizes, and the slice opens", async () => {
    const small = pngOfMask({ width: 1, height: 1, bits: Uint8Array.of(1) });
    const stack = stackOf(await openFiles(named({ "scan.dcm": ct("1.2", 5), "grader.png": small })));
    expect((await stack.graders?.(0)) ?? []).toEqual([]);
    expect(english(stack.notes).join()).toMatch(/Left out: grader.png: it is 1 × 1.*3 × 2/);
  });

  it("LIDC's XML is laid over the slice it names", async () => {
    // The nodule of the seed: pixels within (5, 5)–(15, 15), less an exclusion within (8, 8)–(11, 11).
    const pixels: Written = [0x7fe00010, "OW", new Array(40 * 28).fill(0)];
    const slice = dicomBytes("1.2.840.10008.1.2.1", tinyCt(pixels, [0x00280010, "US", [28]], [0x00280011, "US", [40]]));
    const stack = stackOf(await openFiles(named({ "read.xml": lidcXml(), "ct.dcm": slice })));
    const graders = (await stack.graders?.(0)) ?? [];
    expect(graders.length).toBe(2);
    expect(graders[0]?.mask?.bits[6 * 40 + 6]).toBe(1);
    expect(graders[0]?.ratings).toMatchObject({ malignancy: 4 });
  });

  it("a NIfTI and a .seg.nrrd of labels lie over the slice by their geometry, whatever order their rows have", async () => {
    const place = { spacingMm: [0.7, 0.6], position: [-10, 20, 30], thicknessMm: 2 } as const;
    const directions = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
    const dicom = ctDicom({ width: 3, height: 2, values: [0, 1, 2, 3, 4, 5], ...place, ...directions });
    const source = stackOf(await openFile({ name: "ct.dcm", bytes: dicom }));
    const [slice, origin] = [await source.slice(0), await source.origin(0)];
    const labels = writeNifti({ pictures: [Uint8Array.of(1, 0, 2, 0, 0, 1)], description: "" }, slice, origin);
    // The same place with its rows from the last to the first: origin one row further, the step down turned round.
    const header = [
      "NRRD0004",
      "type: uchar",
      "dimension: 3",
      "sizes: 3 2 1",
      "space: left-posterior-superior",
      "space directions: (0.6,0,0) (0,-0.7,0) (0,0,2)",
      "space origin: (-10,20.7,30)",
      "encoding: raw",
      "Segment0_ID:=a",
      "Segment0_Name:=Reader A",
      "Segment0_LabelValue:=1",
    ];
    const segmentation = Buffer.concat([Buffer.from(`${header.join("\n")}\n\n`), Buffer.from([0, 0, 1, 1, 0, 0])]);
    const files = named({ "ct.dcm": dicom, "labels.nii.gz": labels, "a.seg.nrrd": segmentation });
    const graders = (await stackOf(await openFiles(files)).graders?.(0)) ?? [];
    const drawn = Object.fromEntries(graders.map(({ name, mask: drew }) => [name, [...(drew?.bits ?? [])]]));
    expect(drawn).toEqual({
      "Reader A": [1, 0, 0, 0, 0, 1],
      "Grader 1": [1, 0, 0, 0, 0, 1],
      "Grader 2": [0, 0, 1, 0, 0, 0],
    });
  });

  it("a session beside the slice comes with it", async () => {
    const opened = await openFiles(named({ "session.json": sessionBytes(), "scan.png": scan }));
    expect(opened.kind === "image" && opened.session?.model.name).toBe("tiny");
  });

  it("two pictures with a mask cannot be told apart", async () => {
    const files = named({ "a.png": scan, "b.png": scan, "mask.png": mask(1, 0, 0, 0, 0, 0) });
    expect(await refusal(files)).toMatch(/^BadArgument: .*each of a.png, b.png could be the slice/);
  });

  it("what cannot be read is left out, and that is said", async () => {
    const files = named({ "scan.png": scan, "notes.txt": new TextEncoder().encode("nothing to see in this one") });
    expect(english(stackOf(await openFiles(files)).notes).join()).toMatch(/^Left out: notes.txt/);
  });
});

describe("a series", () => {
  const files = {
    "s/b.dcm": ct("1.2.1", 5),
    "s/a.dcm": ct("1.2.2", 10),
    "s/c.dcm": ct("1.2.3", -5),
    "s/again.dcm": ct("1.2.3", -5),
    "s/d.dcm": ct("1.2.4", 0),
  };

  it.each([
    ["a folder", () => openFiles(named(files))],
    ["a zip", () => openFile({ name: "s.zip", bytes: writeZip(files) })],
  ])("in %s is a stack sorted by position; a picture sent twice is there once", async (_, open) => {
    const stack = stackOf(await open());
    expect(stack).toMatchObject({ frames: 4, format: "dicom" });
    const zs = [0, 1, 2, 3].map(async (k) => (await stack.slice(k)).geometry?.position[2]);
    expect(await Promise.all(zs)).toEqual([-5, 0, 5, 10]);
    expect(stack.label(0)).toBe("1 of 4 · z −5.0 mm");
    expect(english(stack.notes).join()).toContain("1 of its files hold a picture that is there already");
  });

  it("of which several pictures go by one UID keeps them all, and says so", async () => {
    const stack = stackOf(await openFiles(named({ a: ct("1.1", 0), b: ct("1.1", 5), c: ct("1.1", 10) })));
    expect(stack.frames).toBe(3);
    expect(english(stack.notes).join()).toContain("go by one SOP Instance UID");
  });

  it("with two pictures at one position keeps both, and says so; frames of one file likewise", async () => {
    const stack = stackOf(await openFiles(named({ a: ct("1.1", 0), b: ct("1.2", 5), c: ct("1.3", 5) })));
    expect(stack.frames).toBe(3);
    expect(english(stack.notes).join()).toContain("lie at the position of another one (1)");
    const at = (z: number): Written[] => [[0x00209113, "SQ", { items: [[[0x00200032, "DS", `0\\0\\${z}`]]] }]];
    const frames = (...zs: number[]) =>
      dicomBytes(
        "1.2.840.10008.1.2.1",
        tinyCt(
          [0x7fe00010, "OW", zs.flatMap((z) => [z, 1, 2, 3, 4, 5])],
          [0x00280008, "IS", `${zs.length}`],
          [0x52009230, "SQ", { items: zs.map(at) }],
        ),
      );
    const notes = async (...zs: number[]) =>
      english(stackOf(await openFile({ name: "m", bytes: frames(...zs) })).notes).join();
    expect(english(await notes(1, 2, 1))).toContain("some of its frames lie at the position of another one (1)");
    expect(english(await notes(1, 2, 3))).not.toContain("position of another");
  });

  it("keeps the notes of each picture for the moment when it comes on the screen", async () => {
    // Of three slices the last has lost its last pixel.
    const cut = ct("1.3", 10);
    const files = named({ a: ct("1.1", 0), b: ct("1.2", 5), c: cut.subarray(0, cut.length - 2) });
    const stack = stackOf(await openFiles(files));
    await stack.slice(1);
    await stack.slice(2);
    // What holds of every picture is said of all at once.
    expect(english([stack.notes, stack.notesOf?.(1)])).toEqual([[expect.stringContaining("not square")], []]);
    expect(english(stack.notesOf?.(2))).toEqual([expect.stringContaining("its pixel data is cut short")]);
  });

  it("is sorted along its own normal: a coronal series by y", async () => {
    const coronal = (uid: string, y: number) =>
      ct(uid, 0, [0x00200032, "DS", `0\\${y}\\0`], [0x00200037, "DS", "1\\0\\0\\0\\0\\-1"]);
    const stack = stackOf(await openFiles(named({ a: coronal("1.1", 3), b: coronal("1.2", 1), c: coronal("1.3", 2) })));
    const ys = await Promise.all([0, 1, 2].map(async (k) => (await stack.slice(k)).geometry?.position[1]));
    // Row (1, 0, 0) × column (0, 0, −1) = (0, 1, 0).
    expect(ys).toEqual([1, 2, 3]);
  });

  it("of several the largest is shown, and that is said; a report among them is left out", async () => {
    const other = ct("1.9", 0, [0x0020000e, "UI", "1.2.77"]);
    const report = dicomBytes("1.2.840.10008.1.2.1", [[0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.88.22"]]);
    const stack = stackOf(await openFiles(named({ ...files, "s/other.dcm": other, "s/report.dcm": report })));
    expect(stack.frames).toBe(4);
    expect(english(stack.notes).join(" ")).toMatch(/of 2 series the largest is shown.*Left out: s\/report.dcm/s);
  });

  it("with a gap says that pictures may be missing", async () => {
    const stack = stackOf(await openFiles(named({ a: ct("1.1", 0), b: ct("1.2", 1), c: ct("1.3", 4) })));
    expect(english(stack.notes).join()).toContain("some may be missing");
  });

  it("of PNG pictures of one size is a stack in the order of their names", async () => {
    const second = pngOf(3, 2, 8, 0, rows([1, 2, 3], [4, 5, 6]));
    const stack = stackOf(await openFiles(named({ "im10.png": scan, "im9.png": second })));
    expect(stack.frames).toBe(2);
    expect((await stack.slice(0)).values[0]).toBe(1);
  });
});

describe("an own model", () => {
  const config = new TextEncoder().encode(
    JSON.stringify({ architecture: {}, weights: [{ file: "weights.safetensors" }] }),
  );
  const weights = Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]);

  it.each([
    ["two files", () => openFiles(named({ "config.json": config, "weights.safetensors": weights }))],
    ["a folder", () => openFiles(named({ "mine/config.json": config, "mine/weights.safetensors": weights }))],
    [
      "a zip",
      () =>
        openFile({
          name: "mine.zip",
          bytes: writeZip({ "mine/config.json": config, "mine/weights.safetensors": weights }),
        }),
    ],
  ])("dropped as %s is read with its weights", async (_, open) => {
    const opened = await open();
    if (opened.kind !== "model") throw new Error(opened.kind);
    expect([...(opened.model.weights[0] as Uint8Array)]).toEqual([...weights]);
  });

  it("without its config, or without weights that the config names, is refused with what is missing", async () => {
    expect(await refusal(named({ "w.safetensors": weights, "scan.png": scan }))).toMatch(
      /^ModelConfig: w.safetensors: its config.json/,
    );
    expect(await refusal(named({ "config.json": config }))).toMatch(/^ModelNotFound: .*weights.safetensors/);
  });
});
