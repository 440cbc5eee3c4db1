import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Incoming } from "../../../src/io/bytes/source-file.ts";
import { openFile, openFiles } from "../../../src/io/open/open.ts";
import { english } from "../../support/english.ts";
import { python, pythonJson, runTool, temporaryFolder, tool } from "../../support/tools.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
/** 3 × 2 × 2 numbers from −3 up. */
const NUMBERS = Array.from({ length: 12 }, (_, i) => i - 3);
const data = new Uint8Array(Int16Array.from(NUMBERS).buffer);
const [first, second] = [data.subarray(0, 12), data.subarray(12)];

const mhd = (file: string, more = "") =>
  `ObjectType = Image\nNDims = 3\nBinaryDataByteOrderMSB = False\nTransformMatrix = 0 1 0 1 0 0 0 0 -1\nOffset = 10 20 30\n` +
  `ElementSpacing = 0.5 0.75 2\nDimSize = 3 2 2\n${more}ElementType = MET_SHORT\nElementDataFile = ${file}\n`;
const nhdr = (file: string, encoding = "raw", more = "") =>
  `NRRD0004\ntype: short\ndimension: 3\nsizes: 3 2 2\nspace: left-posterior-superior\n` +
  `space directions: (0,0.5,0) (0.75,0,0) (0,0,-2)\nspace origin: (10,20,30)\nendian: little\nencoding: ${encoding}\n${more}${file}`;
const hex = [...data].map((byte, i) => byte.toString(16).padStart(2, "0") + (i % 5 === 4 ? "\n " : "")).join("");

type Files = Readonly<Record<string, string | Uint8Array>>;
const SLICES: Files = { "s01.raw": first, "s02.raw": second };

const PAIRS: readonly (readonly [string, Files])[] = [
  ["MetaImage, one file", { "a.mhd": mhd("a.raw"), "a.raw": data }],
  [
    "MetaImage, behind a header of seven bytes",
    { "a.mhd": mhd("a.raw", "HeaderSize = 7\n"), "a.raw": Uint8Array.of(1, 2, 3, 4, 5, 6, 7, ...data) },
  ],
  [
    "MetaImage, at the end of its file",
    { "a.mhd": mhd("a.raw", "HeaderSize = -1\n"), "a.raw": Uint8Array.of(9, 9, 9, ...data) },
  ],
  ["MetaImage, a list", { "a.mhd": mhd("LIST\ns01.raw\ns02.raw"), ...SLICES }],
  ["MetaImage, numbered files", { "a.mhd": mhd("s%02d.raw 1 2 1"), ...SLICES }],
  ["NRRD, one file", { "a.nhdr": nhdr("data file: a.raw\n"), "a.raw": data }],
  ["NRRD, packed by gzip", { "a.nhdr": nhdr("data file: ./a.raw.gz\n", "gzip"), "a.raw.gz": gzipSync(data) }],
  ["NRRD, a list", { "a.nhdr": nhdr("data file: LIST\ns01.raw\ns02.raw\n"), ...SLICES }],
  ["NRRD, numbered files", { "a.nhdr": nhdr("data file: s%02d.raw 1 2 1 2\n"), ...SLICES }],
  ["NRRD, hexadecimal digits", { "a.nrrd": `${nhdr("", "hex")}\n${hex}` }],
];

const incoming = (files: Files, folder = ""): Incoming[] =>
  Object.entries(files).map(([name, content]) => ({
    name: folder + name,
    bytes: typeof content === "string" ? bytesOf(content) : content,
  }));

async function opened(files: readonly Incoming[]) {
  const found = await openFiles(files);
  if (found.kind !== "image") throw new Error(found.kind);
  const { stack } = found;
  const slices = await Promise.all(Array.from({ length: stack.frames }, (_, k) => stack.slice(k)));
  return { stack, slices, values: slices.flatMap(({ values }) => [...values]) };
}

async function refused(files: readonly Incoming[]): Promise<string> {
  return opened(files).then(
    ({ stack }) => stack.notes.join(" | "),
    (error) => `${error.tag}: ${error.message}`,
  );
}

describe("a header and its numbers in other files", () => {
  it.each(PAIRS)("are read together: %s", async (_, files) => {
    const { stack, slices, values } = await opened(incoming(files));
    expect(english([stack.frames, stack.notes, ...values])).toEqual([2, [], ...NUMBERS]);
    // Columns run along y by 0.5 mm, rows along x by 0.75 mm, slices down by 2 mm.
    expect(slices[1]?.spacingMm).toEqual([0.75, 0.5]);
    expect(slices[1]?.geometry).toEqual({
      position: [10, 20, 28],
      rowDirection: [0, 1, 0],
      columnDirection: [1, 0, 0],
      thicknessMm: 2,
    });
  });

  const [plastimatch, interpreter] = [tool("plastimatch"), python(["nibabel"])];
  const folder = temporaryFolder();
  const other = it.skipIf(!plastimatch || !interpreter);
  other.for(PAIRS)("are to plastimatch (ITK) what they are here: %s", { tags: ["ci"] }, ([, files]) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const [header] = Object.keys(files) as [string];
    const nifti = join(folder, "a.nii");
    runTool(plastimatch as string, ["convert", "--input", join(folder, header), "--output-img", nifti]);
    const program =
      "import json,sys,nibabel as n; i=n.load(sys.argv[1]); print(json.dumps([i.get_fdata().ravel(order='F').tolist(), i.affine.tolist()]))";
    const [values, affine] = pythonJson(interpreter as string, program, nifti) as [number[], number[][]];
    expect(values).toEqual(NUMBERS);
    // RAS: x and y change their sign.
    expect(affine.slice(0, 3)).toEqual([
      [0, -0.75, 0, -10],
      [-0.5, 0, 0, -20],
      [0, 0, -2, 30],
    ]);
  });

  other(
    "one file that plastimatch writes, .mha, .nrrd or .nii.gz, has the same numbers at the same place",
    { tags: ["ci"] },
    async () => {
      writeFileSync(join(folder, "b.raw"), data);
      writeFileSync(join(folder, "b.mhd"), mhd("b.raw"));
      const { slices, values } = await opened(incoming({ "b.mhd": mhd("b.raw"), "b.raw": data }));
      for (const name of ["w.mha", "w.nrrd", "w.nii.gz"]) {
        const words = ["convert", "--input", join(folder, "b.mhd"), "--output-img", join(folder, name)];
        runTool(plastimatch as string, words);
        const theirs = await opened([{ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }]);
        expect([name, ...theirs.values]).toEqual([name, ...values]);
        expect([name, theirs.slices[1]?.geometry]).toEqual([name, slices[1]?.geometry]);
      }
    },
  );

  it("are looked for in the header's own folder first, so that a folder of pairs is no muddle", async () => {
    const other = { "a.mhd": mhd("a.raw"), "a.raw": Uint8Array.from(data, (byte) => byte ^ 1) };
    const files = [...incoming(other, "x/"), ...incoming({ "a.mhd": mhd("a.raw"), "a.raw": data }, "y/")];
    const { joinDetached } = await import("../../../src/io/open/join-detached.ts");
    const { sourceFile } = await import("../../../src/io/bytes/source-file.ts");
    const joined = await joinDetached(files.map(sourceFile));
    expect(joined.map(({ name }) => name)).toEqual(["x/a.mhd", "y/a.mhd"]);
    const { values } = await opened([{ name: "a.mha", bytes: await (joined[1] as (typeof joined)[0]).read() }]);
    expect(values).toEqual(NUMBERS);
  });

  it("are a sentence where a file of them is missing", async () => {
    expect(await refused(incoming({ "a.mhd": mhd("a.raw"), "b.raw": data }))).toContain(
      "its numbers lie in another file (a.raw); drop both files together",
    );
    await expect(openFile({ name: "a.mhd", bytes: bytesOf(mhd("a.raw")) })).rejects.toThrow("another file (a.raw)");
    const some = incoming({ "a.nhdr": nhdr("data file: LIST\ns01.raw\ns02.raw\n"), "s01.raw": first });
    expect(await refused(some)).toContain("its numbers lie in 2 files, and s02.raw is not among those given");
    const twice = incoming({ "a.mhd": mhd("LIST\ns01.raw\ns01.raw"), "s01.raw": first });
    expect(await refused(twice)).toContain("its header names s01.raw twice");
  });

  it("are a sentence where they cannot simply follow each other, or the numbering is none", async () => {
    const skipped = incoming({
      "a.nhdr": nhdr("data file: LIST\ns01.raw\ns02.raw\n", "raw", "byte skip: 4\n"),
      ...SLICES,
    });
    expect(await refused(skipped)).toContain("in several files, with a part of each to be skipped");
    const text = incoming({ "a.nhdr": nhdr("data file: LIST\ns01.raw\ns02.raw\n", "text"), ...SLICES });
    expect(await refused(text)).toContain("in several files, as text");
    const packed = incoming({ "a.mhd": mhd("LIST\ns01.raw\ns02.raw", "CompressedData = True\n"), ...SLICES });
    expect(await refused(packed)).toContain("its compressed numbers lie in several files");
    for (const numbering of ["s%02d.raw 1 2 0", "s%02d.raw 1 999999 1", "s%999d.raw 1 2 1"]) {
      expect(await refused(incoming({ "a.mhd": mhd(numbering), ...SLICES }))).toContain("another file (s%");
    }
    const odd = incoming({ "a.mhd": mhd("a.raw", "HeaderSize = 1x\n"), "a.raw": data });
    expect(await refused(odd)).toContain('its HeaderSize holds "1x"');
  });

  it("are cut short as one file is", async () => {
    const cut = incoming({ "a.mhd": mhd("LIST\ns01.raw\ns02.raw"), "s01.raw": first, "s02.raw": second.subarray(1) });
    await expect(opened(cut)).rejects.toThrow("it ends before slice 2 of 2 is complete");
  });
});

describe("hexadecimal digits", () => {
  const of = (digits: string) => opened([{ name: "a.nrrd", bytes: bytesOf(`${nhdr("", "hex")}\n${digits}`) }]);
  it("in capitals, with blanks anywhere, and one byte too many", async () => {
    const { values, stack } = await of(`${hex.toUpperCase()} 0 0 01`);
    expect(values).toEqual(NUMBERS);
    expect(english(stack.notes).join()).toContain("it holds 2 bytes more than");
  });

  it("that are none, or too few, are refused", async () => {
    await expect(of(`g${hex.slice(1)}`)).rejects.toThrow('its numbers hold "g", which is no hexadecimal digit');
    await expect(of(hex.trim().slice(0, -1))).rejects.toThrow("it ends before slice 2 of 2 is complete");
  });
});
