import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NODE_TRANSPORT } from "../../../../src/cli/archive/node-transport.ts";
import { Archive } from "../../../../src/io/dicomweb/archive.ts";
import { JsonDataset } from "../../../../src/io/dicomweb/dicom-json.ts";
import { marksOfSeries } from "../../../../src/io/dicomweb/nodules/found-marks.ts";
import { nodulesOf } from "../../../../src/io/dicomweb/nodules/nodules.ts";
import { openNodule } from "../../../../src/io/dicomweb/nodules/open-nodule.ts";
import { reportedFindings } from "../../../../src/io/dicomweb/nodules/reported-findings.ts";
import { openArchiveSeries } from "../../../../src/io/dicomweb/series-stack.ts";
import { type StandIn, standIn } from "../../../support/archive/stand-in.ts";
import { ctFile, idcReport, idcSeg, readerBits, SERIES, STUDY, sopOf } from "../../../support/archive/study.ts";
import { english } from "../../../support/english.ts";

const CT = { slices: 12, size: 32 };
const PLACE = { study: STUDY, series: SERIES };
let server: StandIn;
const slices = Array.from({ length: CT.slices }, (_, k) => ctFile(k, CT));

async function found(files: readonly Uint8Array[]) {
  server = await standIn([...slices, ...files]);
  const archive = new Archive({ base: server.base, host: "stand-in" }, NODE_TRANSPORT);
  const series = await openArchiveSeries(archive, PLACE);
  const marks = await marksOfSeries(archive, PLACE, series.frameOfReference, await archive.series(STUDY));
  return { archive, series, marks, nodules: nodulesOf(marks) };
}

describe("nodules of an archive", () => {
  it("are the segments of one tracking UID, in the order of their labels, readers numbered within each", async () => {
    const order = [
      { nodule: 2, reader: 1 },
      { nodule: 1, reader: 10 },
      { nodule: 1, reader: 2 },
      { nodule: 10, reader: 1 },
    ];
    const { nodules } = await found(order.map((seg) => idcSeg(seg, CT)));
    await server.close();
    expect(nodules.map(({ name, readers }) => [name, ...readers.map((r) => [r.name, r.segment.label])])).toEqual([
      ["Nodule 1", ["Reader 1", "Nodule 1 - Annotation 2"], ["Reader 2", "Nodule 1 - Annotation 10"]],
      ["Nodule 2", ["Reader 1", "Nodule 2 - Annotation 1"]],
      ["Nodule 10", ["Reader 1", "Nodule 10 - Annotation 1"]],
    ]);
    // Reader 1 of nodule 2 marks slices with 3·|k − 6| ≤ 7: 4 to 8.
    expect(nodules[1]?.sops).toEqual([4, 5, 6, 7, 8].map((k) => sopOf(k)));
  });

  it("are found by reference; by the frame of reference only where nothing refers to the series", async () => {
    const elsewhere = idcSeg({ nodule: 2, reader: 1, references: "1.2.9" }, CT);
    const both = await found([idcSeg({ nodule: 1, reader: 1 }, CT), elsewhere]);
    await server.close();
    expect(both.marks.marks.map(({ by, segments }) => [by, segments[0]?.label])).toEqual([
      ["reference", "Nodule 1 - Annotation 1"],
    ]);
    const alone = await found([elsewhere]);
    await server.close();
    expect(alone.marks.marks.map(({ by }) => by)).toEqual(["frame of reference"]);
  });

  it("leave out one file that cannot be looked at, with a sentence", async () => {
    const archive = new Archive(
      { base: "http://127.0.0.1:1/x", host: "stand-in" },
      {
        ...NODE_TRANSPORT,
        send: async (url) => new Response(null, { status: url.includes("1.2.7") ? 404 : 204 }),
      },
    );
    const beside = { study: STUDY, modality: "SEG", pictures: false, number: 1, instances: 1 };
    const { notes } = await marksOfSeries(archive, PLACE, null, [
      { ...beside, series: "1.2.7", description: "lost" },
      { ...beside, series: "1.2.8", description: "empty" },
    ]);
    expect(english(notes)).toEqual([
      expect.stringMatching(/^SEG "lost" was left out: stand-in: it does not have the series \(404\)/),
    ]);
  });
});

describe("a nodule that is opened", () => {
  let opened: Awaited<ReturnType<typeof found>>;
  beforeAll(async () => {
    const readers = [1, 2, 3].map((reader) => idcSeg({ nodule: 1, reader, flipped: reader === 2 }, CT));
    opened = await found([...readers, idcReport({ nodule: 1, reader: 3 }, CT)]);
  });
  afterAll(() => server.close());

  it("begins in the middle of what was marked, three slices around it wanted first, each reader where the geometry says", async () => {
    const { archive, series, nodules } = opened;
    const nodule = nodules[0] as (typeof nodules)[number];
    const { stack, frames } = await openNodule(archive, series, nodule, null);
    expect(stack.start).toBe(6);
    expect(frames).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]); // 3 to 9 are marked
    expect(stack.name).toBe("Nodule 1 · Thin lung");
    const graders = await stack.graders?.(7);
    expect(graders?.map(({ name, ratings }) => [name, ratings])).toEqual([
      ["Reader 1", undefined],
      ["Reader 2", undefined],
      ["Reader 3", { malignancy: 4, "subtlety score": 5 }],
    ]);
    expect(graders?.map(({ mask }) => [...(mask?.bits ?? [])])).toEqual(
      [1, 2, 3].map((reader) => [...readerBits(reader, 7, CT)]),
    );
  });

  it("has readers who drew nothing only where the person says how many read it", async () => {
    const { archive, series, nodules } = opened;
    const nodule = nodules[0] as (typeof nodules)[number];
    const names = async (readBy: number | null) => {
      const { stack } = await openNodule(archive, series, nodule, readBy);
      return (await stack.graders?.(6))?.map(({ name, mask }) => [name, mask !== null]);
    };
    const three = [1, 2, 3].map((n) => [`Reader ${n}`, true]);
    expect(await names(null)).toEqual(three);
    expect(await names(2)).toEqual(three);
    expect(await names(5)).toEqual([...three, ["Reader 4", false], ["Reader 5", false]]);
  });
});

describe("a report", () => {
  const element = (vr: string, ...Value: unknown[]) => ({ vr, Value });
  it("gives a volume in mm³ and the largest diameter in mm; other units are left out", async () => {
    const server2 = await standIn([idcReport({ nodule: 1, reader: 1 }, CT)]);
    const archive = new Archive({ base: server2.base, host: "stand-in" }, NODE_TRANSPORT);
    const [one] = await archive.series(STUDY);
    const [report] = await archive.metadata(one as NonNullable<typeof one>);
    await server2.close();
    expect(reportedFindings(report as JsonDataset)).toEqual([
      {
        trackingUid: `${STUDY}.500.1`,
        segment: { sop: `${STUDY}.7.1.1`, number: 1 },
        volumeMm3: 1234.5,
        diameterMm: 12.5,
        ratings: { malignancy: 4, "subtlety score": 5 },
      },
    ]);
  });

  it("that is no report, or is odd, says nothing", () => {
    expect(reportedFindings(new JsonDataset(null))).toEqual([]);
    expect(reportedFindings(new JsonDataset({ "0040A730": element("SQ", "text", null, 3) }))).toEqual([]);
  });
});
