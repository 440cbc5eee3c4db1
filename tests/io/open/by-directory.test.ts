import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import type { Incoming } from "../../../src/io/bytes/source-file.ts";
import { openFile, openFiles } from "../../../src/io/open/open.ts";
import { ctDicom } from "../../support/ct-dicom.ts";
import { dicomBytes, tinyCt } from "../../support/dicom-bytes.ts";
import { directoryBytes } from "../../support/dicom-directory.ts";
import { runTool, temporaryFolder, tool } from "../../support/tools.ts";

const ct = (k: number) =>
  dicomBytes(
    "1.2.840.10008.1.2.1",
    tinyCt(undefined, [0x00080018, "UI", `1.2.${k}`], [0x00200032, "DS", `0\\0\\${k}`]),
  );
const viewer = new TextEncoder().encode("MZ: a program to look at pictures");

async function opened(files: Readonly<Record<string, Uint8Array>>) {
  const incoming: Incoming[] = Object.entries(files).map(([name, bytes]) => ({ name, bytes }));
  const found = await openFiles(incoming);
  if (found.kind !== "image") throw new Error(found.kind);
  return {
    frames: found.stack.frames,
    notes: found.stack.notes.map(inEnglish).filter((note) => !note.includes("not square")),
  };
}

describe("a DICOMDIR", () => {
  it("tells the files of a CD that are no pictures from pictures that cannot be read", async () => {
    const files = { "cd/DICOMDIR": directoryBytes(["DATA/1", "DATA/2"]), "cd/DATA/1": ct(1), "cd/DATA/2": ct(2) };
    expect(await opened({ ...files, "cd/VIEWER.EXE": viewer, "cd/AUTORUN.INF": viewer })).toEqual({
      frames: 2,
      notes: ["Files that DICOMDIR does not list were left out: 2"],
    });
    const broken = await opened({ ...files, "cd/DATA/2": ct(2).subarray(0, 300), "cd/readme.txt": viewer });
    expect(broken.notes.join(" | ")).toMatch(/does not list were left out: 1 \| Left out: cd\/DATA\/2: /);
  });

  it("says which of its files are missing; names may be written small, and end with a version", async () => {
    const files = { "cd/dicomdir": directoryBytes(["DATA/1", "DATA/2", "DATA/3"]), "cd/data/1;1": ct(1) };
    expect((await opened(files)).notes).toEqual(["dicomdir lists files that are not here: DATA/2 and 1 more"]);
  });

  it("without any of its files says nothing beside other pictures, and is refused alone", async () => {
    const alone = directoryBytes(["DATA/1"]);
    expect((await opened({ "cd/DICOMDIR": alone, "x/1": ct(1) })).notes).toEqual([]);
    await expect(openFile({ name: "DICOMDIR", bytes: alone })).rejects.toThrow("open the files that it lists");
  });

  const dcmmkdir = tool("dcmmkdir");
  it.skipIf(!dcmmkdir)("as dcmtk writes it lists the files that lie beside it", { tags: ["ci"] }, async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "DATA"));
    const place = { spacingMm: [1, 1], thicknessMm: 1, rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
    const bytes = [0, 1].map((z) =>
      ctDicom({ width: 2, height: 1, values: [0, z], position: [0, 0, z], sopInstanceUid: `1.2.${z + 1}`, ...place }),
    );
    for (const [k, each] of bytes.entries()) writeFileSync(join(folder, `DATA/IM${k}`), each);
    runTool(dcmmkdir as string, ["-Nxc", "+I", "+id", folder, "+D", join(folder, "DICOMDIR"), "DATA/IM0", "DATA/IM1"]);
    const directory = new Uint8Array(readFileSync(join(folder, "DICOMDIR")));
    const { notes } = await opened({
      "cd/DICOMDIR": directory,
      "cd/DATA/IM0": bytes[0] as Uint8Array,
      "cd/A.EXE": viewer,
    });
    expect(notes.slice(0, 2)).toEqual([
      "DICOMDIR lists files that are not here: DATA/IM1",
      "Files that DICOMDIR does not list were left out: 1",
    ]);
  });
});
