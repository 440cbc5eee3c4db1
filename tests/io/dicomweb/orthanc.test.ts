import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NODE_TRANSPORT } from "../../../src/cli/archive/node-transport.ts";
import { openDicomImage } from "../../../src/io/dicom/image.ts";
import { Archive } from "../../../src/io/dicomweb/archive.ts";
import { marksOfSeries } from "../../../src/io/dicomweb/nodules/found-marks.ts";
import { nodulesOf } from "../../../src/io/dicomweb/nodules/nodules.ts";
import { openNodule } from "../../../src/io/dicomweb/nodules/open-nodule.ts";
import { openArchiveSeries } from "../../../src/io/dicomweb/series-stack.ts";
import { storeInArchive } from "../../../src/io/dicomweb/store.ts";
import { hasOrthanc, type OrthancServer, startOrthanc } from "../../support/archive/orthanc.ts";
import { ctFile, idcSeg, idcStudy, readerBits, SERIES, STUDY, sopOf } from "../../support/archive/study.ts";
import { english } from "../../support/english.ts";
import { temporaryFolder, tool } from "../../support/tools.ts";

const CT = { slices: 8, size: 64 };

describe.skipIf(!hasOrthanc())("Orthanc", () => {
  let server: OrthancServer;
  let archive: Archive;
  const folder = temporaryFolder();
  beforeAll(async () => {
    server = await startOrthanc();
    archive = new Archive({ base: server.base, host: "orthanc" }, NODE_TRANSPORT);
    const answer = await storeInArchive(archive, STUDY, idcStudy(CT));
    expect([answer.stored.length, answer.refused]).toEqual([13, []]);
  });
  afterAll(() => server?.close());

  it("is searched by patient, and its study's series are listed, the pictures first", async () => {
    const { found, more } = await archive.studies({ patient: "jane" }, 0, 25);
    expect(found).toEqual([
      {
        study: STUDY,
        patientName: "DOE JANE",
        patientId: "ID-77",
        date: "20200102",
        description: "CHEST",
        modalities: expect.arrayContaining(["CT", "SEG", "SR"]),
        instances: 13,
      },
    ]);
    expect(more).toBe(false);
    expect((await archive.studies({ patient: "ID-77" }, 0, 25)).found).toHaveLength(1);
    expect((await archive.studies({ patient: "ID-77" }, 1, 25)).found).toEqual([]); // its second page
    expect((await archive.studies({ patient: "nobody" }, 0, 25)).found).toEqual([]);
    const [first, ...others] = await archive.series(STUDY);
    expect([first?.series, first?.modality, first?.instances]).toEqual([SERIES, "CT", 8]);
    expect(others.map(({ modality }) => modality).sort()).toEqual(["SEG", "SEG", "SEG", "SEG", "SR"]);
  });

  it("gives the same picture that was stored", async () => {
    const { stack } = await openArchiveSeries(archive, { study: STUDY, series: SERIES });
    expect([stack.frames, stack.label(4)]).toEqual([8, "5 of 8 · z 8.0 mm"]);
    const stored = await openDicomImage(ctFile(4, CT), "stored");
    expect((await stack.slice(4)).values).toEqual((await stored.slice(0)).values);
  });

  it("offers nodule 1 with its four readers, and lays them over the series, a flipped one too", async () => {
    const series = await openArchiveSeries(archive, { study: STUDY, series: SERIES });
    const place = { study: STUDY, series: SERIES };
    const found = await marksOfSeries(archive, place, series.frameOfReference, await archive.series(STUDY));
    const [nodule, ...others] = nodulesOf(found);
    expect(others).toEqual([]);
    expect(nodule?.name).toBe("Nodule 1");
    expect(nodule?.readers.map(({ name, segment }) => [name, segment.label])).toEqual([
      ["Reader 1", "Nodule 1 - Annotation 1"],
      ["Reader 2", "Nodule 1 - Annotation 2"],
      ["Reader 3", "Nodule 1 - Annotation 3"],
      ["Reader 4", "Nodule 1 - Annotation 4"],
    ]);
    expect(nodule?.readers[0]?.reported).toMatchObject({ volumeMm3: 1234.5, diameterMm: 12.5 });
    if (!nodule) return;
    const { stack } = await openNodule(archive, series, nodule, null);
    const graders = await stack.graders?.(4);
    expect(graders?.map(({ mask }) => mask && [...mask.bits])).toEqual(
      [1, 2, 3, 4].map((reader) => [...readerBits(reader, 4, CT)]),
    );
    expect(graders?.[0]?.ratings).toEqual({ malignancy: 4, "subtlety score": 5 });
  });

  it("holds what is stored twice once", async () => {
    const seg = idcSeg({ nodule: 2, reader: 1 }, CT);
    for (let time = 0; time < 2; time++) expect((await storeInArchive(archive, STUDY, [seg])).refused).toEqual([]);
    const segs = (await archive.series(STUDY)).filter(({ modality }) => modality === "SEG");
    expect(segs).toHaveLength(5);
    expect(segs.map(({ instances }) => instances)).toEqual([1, 1, 1, 1, 1]);
  });

  const transcoders = [
    ["JPEG-LS", tool("gdcmconv"), ["--jpegls"]],
    ["JPEG 2000", tool("gdcmconv"), ["--j2k"]],
    ["RLE", tool("gdcmconv"), ["--rle"]],
    ["implicit little endian", tool("gdcmconv"), ["--implicit"]],
  ] as const;
  it.each(transcoders.filter(([, program]) => program))("gives %s as it is stored", async (name, program, words) => {
    const tag = `.${2000 + transcoders.findIndex(([other]) => other === name)}`;
    const plain = ctFile(1, { ...CT, tag });
    const [from, to] = [join(folder, "plain.dcm"), join(folder, "packed.dcm")];
    writeFileSync(from, plain);
    execFileSync(program as string, [...words, from, to]);
    const packed = new Uint8Array(readFileSync(to));
    await storeInArchive(archive, `${STUDY}${tag}`, [packed]);
    const place = { study: `${STUDY}${tag}`, series: `${SERIES}${tag}` };
    const came = await archive.instance({ ...place, sop: sopOf(1, tag) });
    const syntax = (bytes: Uint8Array) =>
      Buffer.from(bytes)
        .toString("latin1")
        .match(/1\.2\.840\.10008\.1\.2[.\d]*/)?.[0];
    expect(syntax(came)).toBe(syntax(packed));
    const { stack } = await openArchiveSeries(archive, place);
    expect((await stack.slice(0)).values).toEqual((await (await openDicomImage(plain, "plain")).slice(0)).values);
  });

  it("wants a login where it is locked, and takes the right one", async () => {
    const locked = await startOrthanc({ anna: "secret" });
    try {
      const opened = (authorization?: string) =>
        new Archive({ base: locked.base, host: "locked", ...(authorization && { authorization }) }, NODE_TRANSPORT);
      const wrong = `Basic ${btoa("anna:wrong")}`;
      for (const login of [undefined, wrong]) {
        await expect(opened(login).studies({}, 0, 25)).rejects.toMatchObject({ tag: "ArchiveLogin" });
      }
      expect((await opened(`Basic ${btoa("anna:secret")}`).studies({}, 0, 25)).found).toEqual([]);
    } finally {
      await locked.close();
    }
  });

  it("says in words that it refuses an object of another study", async () => {
    const { stored, refused } = await storeInArchive(archive, "1.2.3.4.5", [ctFile(0, { ...CT, tag: ".3000" })]);
    expect(stored).toEqual([]);
    expect(english(refused.map(({ why }) => why))).toEqual([expect.stringMatching(/\([0-9A-F]{4}\)$/)]);
  });
});
