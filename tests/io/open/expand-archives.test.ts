import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import { type SourceFile, sourceFile } from "../../../src/io/bytes/source-file.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writeNpz } from "../../../src/io/numpy/npz-write.ts";
import { expandArchives } from "../../../src/io/open/expand-archives.ts";
import { openFile, openFiles } from "../../../src/io/open/open.ts";
import { pngOfMask } from "../../../src/io/raster/png-write.ts";
import { dicomBytes, tinyCt } from "../../support/dicom-bytes.ts";
import { tarBytes } from "../../support/tar-bytes.ts";
import { pngOf, sessionBytes } from "../hostile/seed-files.ts";

const scan = pngOf(3, 1, 8, 0, [Uint8Array.of(10, 20, 30)]);
const mask = pngOfMask({ width: 3, height: 1, bits: Uint8Array.of(0, 1, 0) });
const files = { "scan.png": scan, "mask.png": mask };
const file = (name: string, bytes: Uint8Array): SourceFile => sourceFile({ name, bytes });

async function graders(name: string, bytes: Uint8Array) {
  const opened = await openFile({ name, bytes });
  if (opened.kind !== "image") throw new Error(opened.kind);
  const drawn = (await opened.stack.graders?.(0)) ?? [];
  return [[...(await opened.stack.slice(0)).values], ...drawn.map((grader) => [...(grader.mask?.bits ?? [])])];
}

const BOTH = [
  [10, 20, 30],
  [0, 1, 0],
];

describe("an archive", () => {
  it.each([
    ["a.zip", writeZip(files)],
    ["a.tar", tarBytes(files)],
    ["a.tar.gz", gzipSync(tarBytes(files))],
    ["a zip in a zip", writeZip({ "inner.zip": writeZip(files) })],
    ["a tar.gz in a tar", tarBytes({ "inner.tgz": gzipSync(tarBytes(files)) })],
    [
      "files of two archives in one",
      writeZip({ "1.zip": writeZip({ "s.png": scan }), "2.tar": tarBytes({ "mask.png": mask }) }),
    ],
    ["files packed each", writeZip({ "scan.png.gz": gzipSync(scan), "mask.png.gz": gzipSync(mask) })],
  ])("%s is what it holds", async (name, bytes) => {
    expect(await graders(name, bytes)).toEqual(BOTH);
  });

  it("packed by gzip is one file, of any format", async () => {
    const dicom = await openFile({ name: "a.dcm.gz", bytes: gzipSync(dicomBytes("1.2.840.10008.1.2.1", tinyCt())) });
    if (dicom.kind !== "image") throw new Error(dicom.kind);
    expect([dicom.stack.name, dicom.stack.format]).toEqual(["a.dcm", "dicom"]);
    // A series' file is read once to be told, and again to be shown.
    for (let again = 0; again < 2; again++) expect((await dicom.stack.slice(0)).values[1]).toBe(-1000);
    expect((await openFile({ name: "s", bytes: gzipSync(sessionBytes()) })).kind).toBe("session");
  });

  it("of DICOM files that are packed each is a series, read from its packed files again", async () => {
    const ct = (uid: string, z: number) =>
      gzipSync(
        dicomBytes("1.2.840.10008.1.2.1", tinyCt(undefined, [0x00080018, "UI", uid], [0x00200032, "DS", `0\\0\\${z}`])),
      );
    const opened = await openFile({
      name: "s.zip",
      bytes: writeZip({ "1.dcm.gz": ct("1.1", 2), "2.dcm.gz": ct("1.2", 1) }),
    });
    if (opened.kind !== "image") throw new Error(opened.kind);
    expect(opened.stack.frames).toBe(2);
    expect((await opened.stack.slice(0)).geometry?.position[2]).toBe(1);
  });

  it("stands for its files among others, an npz for itself", async () => {
    const npz = writeNpz({ image: { values: Uint8Array.of(1, 2), shape: [1, 2] } });
    const given = [
      file("a.zip", writeZip({ "b.png": scan, "c.png": scan, "n.zip": writeZip({ "d.png": scan }) })),
      file("d.npz", npz),
    ];
    const names = (await expandArchives(given)).map(({ name }) => name);
    expect(names).toEqual(["b.png", "c.png", "n.zip/d.png", "d.npz"]);
  });

  it("within an archive within an archive is left alone", async () => {
    const three = writeZip({ "2.zip": writeZip({ "3.zip": writeZip(files) }) });
    await expect(openFile({ name: "1.zip", bytes: three })).rejects.toThrow(
      "2.zip/3.zip: it is an archive within an archive within an archive",
    );
    const packed = gzipSync(gzipSync(scan));
    await expect(openFile({ name: "a.gz", bytes: packed })).rejects.toThrow("an archive within an archive");
    const beside = await openFiles([
      { name: "a.png", bytes: scan },
      { name: "b.gz", bytes: packed },
    ]);
    expect(beside.kind === "image" && beside.stack.notes.map(inEnglish).join()).toContain(
      "Left out: b: it is an archive within",
    );
  });

  it("that is broken is told by name, and the rest opens", async () => {
    const cut = tarBytes({ "mask.png": mask }).subarray(0, 520);
    const opened = await openFile({ name: "a.zip", bytes: writeZip({ "scan.png": scan, "b.tar": cut }) });
    expect(opened.kind === "image" && opened.stack.notes.map(inEnglish).join()).toContain(
      "Left out: b.tar: it is cut short",
    );
  });

  it("holds no more than one of its size may, whatever lies in it", async () => {
    // Each of 4 inner zips declares 64 MiB, of which a thousandth is there: together more than 192 MiB.
    const inner = writeZip({ "a.bin": new Uint8Array(64 << 20) });
    const outer = writeZip({ "1.zip": inner, "2.zip": inner, "3.zip": inner, "4.zip": inner });
    const entries = await expandArchives([file("outer.zip", outer)]);
    expect(entries.length).toBe(4);
    const padded = gzipSync(tarBytes({ "a.bin": new Uint8Array(64 << 20) }));
    const tars = writeZip({ "1.tgz": padded, "2.tgz": padded, "3.tgz": padded, "4.tgz": padded });
    const found = await expandArchives([file("tars.zip", tars)]);
    const last = await found
      .at(-1)
      ?.read()
      .catch((error) => error.message);
    expect(last).toContain("with the other archives beside it, it unpacks to more than 192 MiB");
  });
});
