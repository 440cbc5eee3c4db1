import { describe, expect, it } from "vitest";
import { areaPx } from "../../../src/core/values/slice.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { type Opened, openFile, openFiles } from "../../../src/io/open/open.ts";
import { english } from "../../support/english.ts";

const SIDE = 16;

/** A NRRD of two slices of 16 × 16 pixels. */
function volume(type: "short" | "uchar", value: (x: number, y: number, z: number) => number): Buffer {
  const numbers = Array.from({ length: 2 * SIDE * SIDE }, (_, i) =>
    value(i % SIDE, Math.floor(i / SIDE) % SIDE, Math.floor(i / SIDE / SIDE)),
  );
  const bytes = type === "uchar" ? Uint8Array.from(numbers) : new Uint8Array(Int16Array.from(numbers).buffer);
  const header = `NRRD0004\ntype: ${type}\ndimension: 3\nsizes: ${SIDE} ${SIDE} 2\nspace: LPS\nspace directions: (1,0,0) (0,1,0) (0,0,3)\nspace origin: (0,0,0)\nendian: little\nencoding: raw\n\n`;
  return Buffer.concat([Buffer.from(header), bytes]);
}

const scan = volume("short", (x, y, z) => 40 * x - 3 * y + z);
/** Columns 4 to 4 + `columns` of rows 4 to 9, on slice `z` alone. */
const labels = (columns: number, z = 1) =>
  volume("uchar", (x, y, at) => Number(at === z && x >= 4 && x < 4 + columns && y >= 4 && y < 10));
const dropped = (files: Readonly<Record<string, Uint8Array>>) =>
  openFiles(Object.entries(files).map(([name, bytes]) => ({ name: `data/${name}`, bytes })));

const nnUNet = {
  "imagesTr/n1_0000.nrrd": scan,
  "imagesTr/n2_0000.nrrd": scan,
  "anna/n1.nrrd": labels(4),
  "anna/n2.nrrd": labels(5, 0),
  "ben/n1.nrrd": labels(6),
  "ben/n2.nrrd": labels(7, 0),
  "dataset.json": new TextEncoder().encode("{}"),
};
const bids = {
  "sub-1/ct/sub-1_ct.nrrd": scan,
  "sub-2/ct/sub-2_ct.nrrd": scan,
  "derivatives/r/sub-1/sub-1_desc-anna_mask.nrrd": labels(4),
  "derivatives/r/sub-1/sub-1_desc-ben_mask.nrrd": labels(6),
  "derivatives/r/sub-2/sub-2_desc-anna_mask.nrrd": labels(5, 0),
  "derivatives/r/sub-2/sub-2_desc-ben_mask.nrrd": labels(7, 0),
};

async function casesOf(opened: Opened) {
  if (opened.kind !== "pack") throw new Error(opened.kind);
  const cases = await Promise.all(opened.pack.index.cases.map((_, k) => opened.pack.open(k)));
  return cases.map(({ title, region, slice, graders, patient }) => ({
    ...{ title, region, patient, pixel: slice.values[5], spacing: slice.spacingMm },
    drew: graders.map(({ name, mask }) => [name, mask && areaPx(mask)]),
  }));
}

describe("a folder with labels of several readers", () => {
  it.each([
    ["nnU-Net's", nnUNet, ["n1", "n2"]],
    ["BIDS derivatives", bids, ["sub-1", "sub-2"]],
  ] as const)(
    "of %s is a pack when it is dropped: of each image the slice that most readers drew",
    async (_, files, ids) => {
      const found = await casesOf(await dropped(files));
      // rows 4 to 9 of 4 and 6 columns: 24 and 36 pixels around (6.5, 6.5); of 5 and 7 columns 30 and 42
      expect(found).toEqual([
        {
          ...{
            title: `${ids[0]}, slice 2 of 2 · 2 of 2 drew`,
            region: [7, 7],
            patient: ids[0],
            pixel: 201,
            spacing: [1, 1],
          },
          drew: [
            ["anna", 24],
            ["ben", 36],
          ],
        },
        {
          ...{
            title: `${ids[1]}, slice 1 of 2 · 2 of 2 drew`,
            region: [7, 7],
            patient: ids[1],
            pixel: 200,
            spacing: [1, 1],
          },
          drew: [
            ["anna", 30],
            ["ben", 42],
          ],
        },
      ]);
      expect(await casesOf(await openFile({ name: "data.zip", bytes: writeZip(files) }))).toEqual(found);
    },
  );

  it("is one stack with its readers by name where it has one image", async () => {
    const { "imagesTr/n2_0000.nrrd": _, "anna/n2.nrrd": __, "ben/n2.nrrd": ___, ...one } = nnUNet;
    const opened = await dropped(one);
    if (opened.kind !== "image") throw new Error(opened.kind);
    expect(opened.stack.frames).toBe(2);
    expect((await opened.stack.graders?.(1))?.map(({ name, mask }) => [name, mask && areaPx(mask)])).toEqual([
      ["anna", 24],
      ["ben", 36],
    ]);
  });

  it("whose one image does not go with a reader's file opens as files do, which say what is wrong", async () => {
    const { "imagesTr/n2_0000.nrrd": _, "anna/n2.nrrd": __, "ben/n2.nrrd": ___, ...one } = nnUNet;
    const elsewhere = Buffer.from(labels(6).toString("latin1").replace("origin: (0,", "origin: (900,"), "latin1");
    const opened = await dropped({ ...one, "ben/n1.nrrd": elsewhere });
    if (opened.kind !== "image") throw new Error(opened.kind);
    expect(english(opened.stack.notes).join(" ")).toMatch(/ben\/n1\.nrrd/);
  });

  it("says which image was left out, and why", async () => {
    const opened = await dropped({ ...bids, "derivatives/r/sub-1/sub-1_desc-ben_mask.nrrd": scan });
    if (opened.kind !== "pack") throw new Error(opened.kind);
    expect(opened.pack.index.cases).toHaveLength(1);
    expect(opened.notes?.[0]).toMatch(/^Left out: .*sub-1_desc-ben_mask\.nrrd: it is no mask of 0 and another number/);
  });

  it("of a method's samples beside readers' labels is none: the method's name is read as such", async () => {
    const opened = await dropped({ ...nnUNet, "samples_flow/n1.nrrd": labels(3) }).catch(() => null);
    expect(opened?.kind).not.toBe("pack");
  });
});
