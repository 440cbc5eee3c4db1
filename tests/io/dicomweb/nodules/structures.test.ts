import { afterEach, describe, expect, it } from "vitest";
import { NODE_TRANSPORT } from "../../../../src/cli/archive/node-transport.ts";
import { Archive } from "../../../../src/io/dicomweb/archive.ts";
import { marksOfSeries } from "../../../../src/io/dicomweb/nodules/found-marks.ts";
import { asksOfRegions, nodulesOf } from "../../../../src/io/dicomweb/nodules/nodules.ts";
import { openNodule } from "../../../../src/io/dicomweb/nodules/open-nodule.ts";
import { openArchiveSeries } from "../../../../src/io/dicomweb/series-stack.ts";
import { type StandIn, standIn } from "../../../support/archive/stand-in.ts";
import { structuresFile } from "../../../support/archive/structures.ts";
import { ctFile, idcSeg, readerBits, SERIES, STUDY, sopOf } from "../../../support/archive/study.ts";

const CT = { slices: 12, size: 40 };
const PLACE = { study: STUDY, series: SERIES };
const slices = Array.from({ length: CT.slices }, (_, k) => ctFile(k, CT));
let server: StandIn;
afterEach(() => server.close());

async function found(files: readonly Uint8Array[]) {
  server = await standIn([...slices, ...files]);
  const archive = new Archive({ base: server.base, host: "stand-in" }, NODE_TRANSPORT);
  const series = await openArchiveSeries(archive, PLACE);
  const marks = await marksOfSeries(archive, PLACE, series.frameOfReference, await archive.series(STUDY));
  return { archive, series, marks };
}
const said = (nodules: ReturnType<typeof nodulesOf>) =>
  nodules.map(({ name, readers }) => [name, ...readers.map((reader) => reader.name)]);
/** What the graders drew on slice k, each as the bits of the whole slice. */
async function drawn(opened: Awaited<ReturnType<typeof openNodule>>, k: number) {
  const graders = (await opened.stack.graders?.(k)) ?? [];
  return graders.map(({ name, mask }) => [name, [...(mask?.bits ?? [])]]);
}

describe("RTSTRUCT of an archive", () => {
  it("of several regions is one nodule with a grader each, whose marks lie on the series", async () => {
    const file = structuresFile(
      {
        number: 1,
        regions: [
          ["Anna", 1],
          ["Ben", 3],
        ],
      },
      CT,
    );
    const { archive, series, marks } = await found([file]);
    expect(asksOfRegions(marks)).toBe(true);
    const [nodule, ...more] = nodulesOf(marks, "graders");
    expect([said([nodule!]), more]).toEqual([[["Structures 1", "Anna", "Ben"]], []]);
    // Reader 3 marks slices with 3·|k − 6| ≤ 9: 3 to 9.
    expect([...nodule!.sops].sort()).toEqual([3, 4, 5, 6, 7, 8, 9].map((k) => sopOf(k)).sort());
    const opened = await openNodule(archive, series, nodule!, null);
    expect(await drawn(opened, 6)).toEqual([
      ["Anna", [...readerBits(1, 6, CT)]],
      ["Ben", [...readerBits(3, 6, CT)]],
    ]);
    expect(opened.stack.notes.join()).not.toContain("taken for a grader"); // each of them was opened alone
  });

  it("of which each is a grader's has regions that are nodules, of one name one in all files", async () => {
    const files = [
      structuresFile(
        {
          number: 1,
          regions: [
            ["Nodule a", 1],
            ["Nodule b", 2],
          ],
        },
        CT,
      ),
      structuresFile({ number: 2, regions: [["Nodule a", 4]] }, CT),
    ];
    const { archive, series, marks } = await found(files);
    expect(said(nodulesOf(marks, "graders"))).toEqual([
      ["Nodule a", "Reader 1"],
      ["Structures 1", "Nodule a", "Nodule b"],
    ]);
    const nodules = nodulesOf(marks, "file");
    expect(said(nodules)).toEqual([
      ["Nodule a", "Reader 1", "Reader 2"],
      ["Nodule b", "Reader 1"],
    ]);
    const opened = await openNodule(archive, series, nodules[0]!, null);
    expect(await drawn(opened, 6)).toEqual([
      ["Reader 1", [...readerBits(1, 6, CT)]],
      ["Reader 2", [...readerBits(4, 6, CT)]],
    ]);
  });

  it("is no question where each has one region, and leaves SEG as it is", async () => {
    const files = [structuresFile({ number: 1, regions: [["GTV", 1]] }, CT), idcSeg({ nodule: 1, reader: 2 }, CT)];
    const { marks } = await found(files);
    expect(asksOfRegions(marks)).toBe(false);
    expect(said(nodulesOf(marks, "file"))).toEqual(said(nodulesOf(marks, "graders")));
  });
});
