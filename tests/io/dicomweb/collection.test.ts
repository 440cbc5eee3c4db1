import { afterEach, describe, expect, it } from "vitest";
import { NODE_TRANSPORT } from "../../../src/cli/archive/node-transport.ts";
import { Archive } from "../../../src/io/dicomweb/archive.ts";
import { studiesOfCollection } from "../../../src/io/dicomweb/collection.ts";
import { storeInArchive } from "../../../src/io/dicomweb/store.ts";
import { hasOrthanc, startOrthanc } from "../../support/archive/orthanc.ts";
import { type StandIn, standIn } from "../../support/archive/stand-in.ts";
import { ctFile, idcSeg, STUDY } from "../../support/archive/study.ts";

/** The study's patients are ID-77.1, ID-77.2, … */
const COLLECTION = { name: "TEST", prefix: "ID-77.", first: 1, last: 7, digits: 1 };
const CT = { slices: 2, size: 16 };
let server: StandIn | null = null;
afterEach(() => server?.close());

/** Of patients 1 to 5 each has a CT; patient 2 two nodules, of two readers and of one. */
const FILES = [1, 2, 3, 4, 5].flatMap((patient) => {
  const ct = { ...CT, tag: `.${patient}` };
  const segs = [
    { nodule: 2, reader: 1 },
    { nodule: 1, reader: 1 },
    { nodule: 1, reader: 2 },
  ];
  return [ctFile(0, ct), ...(patient === 2 ? segs.map((seg) => idcSeg(seg, ct)) : [])];
});
const TWO = [
  { name: "Nodule 1", readers: 2 },
  { name: "Nodule 2", readers: 1 },
];
type Found = Awaited<ReturnType<typeof studiesOfCollection>>;
const said = ({ found, more }: Found) => [found.map(({ patientId, nodules }) => [patientId, nodules]), more];

async function opened(wildcards: "taken" | "refused" | "not known") {
  server = await standIn(FILES);
  server.fault = ({ url = "" }, response) => {
    const starred = /PatientID=[^&]*(\*|%2A)/.test(url);
    if (!starred || wildcards === "taken") return false;
    if (wildcards === "refused") response.writeHead(400).end();
    else response.writeHead(200, { "content-type": "application/dicom+json" }).end("[]");
    return true;
  };
  return new Archive({ base: server.base, host: "stand-in" }, NODE_TRANSPORT);
}

describe("a collection", () => {
  it("is a list of patients with their nodules and readers out of queries alone, a page at a time", async () => {
    const archive = await opened("taken");
    expect(said(await studiesOfCollection(archive, COLLECTION, 0, 3))).toEqual([
      [
        ["ID-77.1", []],
        ["ID-77.2", TWO],
        ["ID-77.3", []],
      ],
      true,
    ]);
    expect(said(await studiesOfCollection(archive, COLLECTION, 1, 3))).toEqual([
      [
        ["ID-77.4", []],
        ["ID-77.5", []],
      ],
      false,
    ]);
    expect(said(await studiesOfCollection(archive, COLLECTION, 2, 3))).toEqual([[], false]);
    expect(server?.asked.filter((line) => /metadata|instances/.test(line))).toEqual([]);
  });

  it.each(["refused", "not known"] as const)(
    "is asked for patient by patient where a wildcard is %s",
    async (wildcards) => {
      const archive = await opened(wildcards);
      expect(said(await studiesOfCollection(archive, COLLECTION, 0, 3))).toEqual([
        [
          ["ID-77.1", []],
          ["ID-77.2", TWO],
          ["ID-77.3", []],
        ],
        true,
      ]);
      expect(said(await studiesOfCollection(archive, COLLECTION, 2, 3))).toEqual([[], false]); // patient 7 is not there
    },
  );

  it("passes on what the archive refuses: a quota that is used up, a login", async () => {
    const archive = await opened("taken");
    server!.fault = (_, response) => !!response.writeHead(401).end();
    await expect(studiesOfCollection(archive, COLLECTION, 0, 3)).rejects.toMatchObject({ tag: "ArchiveLogin" });
  });

  it.skipIf(!hasOrthanc())("is the same list from Orthanc", async () => {
    const orthanc = await startOrthanc();
    try {
      const archive = new Archive({ base: orthanc.base, host: "orthanc" }, NODE_TRANSPORT);
      for (const patient of [1, 2, 3, 4, 5]) {
        const files = FILES.filter((bytes) => Buffer.from(bytes).includes(`ID-77.${patient}`));
        expect((await storeInArchive(archive, `${STUDY}.${patient}`, files)).refused).toEqual([]);
      }
      const { found, more } = await studiesOfCollection(archive, COLLECTION, 0, 10);
      const nodules = Object.fromEntries(found.map((study) => [study.patientId, study.nodules]));
      expect(nodules).toEqual({ "ID-77.1": [], "ID-77.2": TWO, "ID-77.3": [], "ID-77.4": [], "ID-77.5": [] });
      expect(more).toBe(false);
    } finally {
      await orthanc.close();
    }
  });
});
