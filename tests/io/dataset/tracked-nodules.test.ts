import { describe, expect, it } from "vitest";
import { areaPx } from "../../../src/core/values/slice.ts";
import { sourceFile } from "../../../src/io/bytes/source-file.ts";
import { fullestOfEach } from "../../../src/io/dataset/marked-parts.ts";
import { casesFromTracked, trackedNodules } from "../../../src/io/dataset/tracked-nodules.ts";
import { openFiles } from "../../../src/io/open/open.ts";
import { type CtStudy, ctFile, idcReport, idcSeg, readerBits } from "../../support/archive/study.ts";

const ct: CtStudy = { slices: 5, size: 40 };
const other: CtStudy = { ...ct, tag: ".5" };
const series = (study: CtStudy) => Array.from({ length: study.slices }, (_, k) => ctFile(k, study));
const named = (folder: string, all: readonly Uint8Array[]) =>
  all.map((bytes, i) => ({ name: `idc/${folder}/${i + 1}.dcm`, bytes }));
/** Nodule 1 of the first series by three readers, of whom the second's rows run upwards, and of the other by two. */
const files = [
  ...named("1", series(ct)),
  ...named(
    "1-seg",
    [1, 2, 3].map((reader) => idcSeg({ nodule: 1, reader, flipped: reader === 2 }, ct)),
  ),
  ...named("1-sr", [idcReport({ nodule: 1, reader: 1 }, ct)]),
  ...named("2", series(other)),
  ...named(
    "2-seg",
    [2, 4].map((reader) => idcSeg({ nodule: 1, reader }, other)),
  ),
];
const drawn = (reader: number) => readerBits(reader, 2, ct).reduce((sum, bit) => sum + bit, 0);

describe("series with one SEG a nodule and reader", () => {
  it("are nodules by TrackingUniqueIdentifier: readers are numbered within each, on the slice that most of them drew", async () => {
    const opened = await openFiles(files);
    if (opened.kind !== "pack") throw new Error(opened.kind);
    const cases = await Promise.all([0, 1].map((k) => opened.pack.open(k)));
    expect(cases.map(({ graders }) => graders.map(({ name, mask }) => [name, mask && areaPx(mask)]))).toEqual([
      [
        ["Reader 1", drawn(1)],
        ["Reader 2", drawn(2)],
        ["Reader 3", drawn(3)],
      ],
      [
        ["Reader 1", drawn(2)],
        ["Reader 2", drawn(4)],
      ],
    ]);
    const [first] = cases;
    expect(first?.graders[1]?.mask?.bits).toEqual(readerBits(2, 2, ct));
    // the ball's middle is between columns 19 and 20, and slice 2 lies at 4 mm; no patient's number is told
    expect([first?.title, first?.region, first?.slice.unit, first?.slice.spacingMm]).toEqual([
      "Scan 1, Nodule 1, z 4.0 mm · 3 of 3 drew",
      [20, 20],
      "HU",
      [0.7, 0.7],
    ]);
    expect(JSON.stringify(opened.pack.index)).not.toMatch(/ID-77|DOE/);
    expect(opened.notes?.join(" ")).toBe(
      "2 nodules by their TrackingUniqueIdentifier, readers numbered within each. " +
        "Who drew nothing is in no file: only readers who drew a nodule are counted.",
    );
  });

  it("has readers who drew nothing only where it is said how many read", async () => {
    const nodules = await trackedNodules(files.map(sourceFile), () => undefined);
    const said = await casesFromTracked(nodules, fullestOfEach, 4, () => undefined);
    expect(said.map(({ graders }) => graders.map(({ mask }) => mask !== null))).toEqual([
      [true, true, true, false],
      [true, true, false, false],
    ]);
    expect(said.map(({ title }) => title.split(" · ")[1])).toEqual(["3 of 4 drew", "2 of 4 drew"]);
  });

  it("leaves out, and counts, a nodule that only one reader drew, and says what cannot be read", async () => {
    const cut = idcSeg({ nodule: 3, reader: 1 }, ct);
    const alone = named("more", [
      idcSeg({ nodule: 2, reader: 1 }, ct),
      cut.subarray(0, 900), // within its header
      cut.subarray(0, cut.length - 300), // within its pixels
    ]);
    const opened = await openFiles([...files, ...alone]);
    if (opened.kind !== "pack") throw new Error(opened.kind);
    expect(opened.pack.index.cases).toHaveLength(2);
    expect(opened.notes?.[0]).toMatch(/^Left out: idc\/more\/2\.dcm: /);
    expect(opened.notes?.[1]).toMatch(/^Left out Nodule 3: idc\/more\/3\.dcm: /);
    expect(opened.notes?.[2]).toBe(
      "4 nodules by their TrackingUniqueIdentifier, readers numbered within each; 1 that two readers nowhere drew on one slice are left out.",
    );
  });

  it("is a stack of the larger series where two readers drew no nodule on the same slice", async () => {
    const alone = [1, 2].map((nodule) => idcSeg({ nodule, reader: 1 }, ct));
    const elsewhere = [1, 2].map((nodule) => idcSeg({ nodule, reader: 2, references: "1.2.3" }, ct));
    const opened = await openFiles([...files.slice(0, 5), ...named("seg", [...alone, ...elsewhere])]);
    expect(opened.kind).toBe("image");
  });

  it("stays a stack with its graders where one nodule alone is there", async () => {
    const opened = await openFiles(files.slice(0, 8));
    expect(opened.kind).toBe("image");
  });
});
