import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { archive } from "../../../src/cli/archive/archive.ts";
import { inspect } from "../../../src/cli/inspect.ts";
import { lesion } from "../../../src/cli/lesion/lesion.ts";
import { replay } from "../../../src/cli/replay.ts";
import { sample } from "../../../src/cli/sample.ts";
import { type StandIn, standIn } from "../../support/archive/stand-in.ts";
import { ctFile, idcStudy, SERIES, STUDY, segSop } from "../../support/archive/study.ts";
import { temporaryFolder } from "../../support/tools.ts";

const CT = { slices: 12, size: 160 };
const CT_PLACE = `dicomweb:${STUDY}/${SERIES}`;
const segPlace = (reader: number) => `dicomweb:${STUDY}/${segSop({ nodule: 1, reader })}.0`;
const folder = temporaryFolder();
let server: StandIn;
beforeAll(async () => {
  server = await standIn([...idcStudy(CT), ctFile(0, { ...CT, tag: ".5" })]);
});
afterAll(() => server.close());
afterEach(() => {
  server.fault = null;
  for (const name of ["USER", "PASSWORD", "TOKEN"]) delete process.env[`GRADERSPACE_DICOMWEB_${name}`];
});
const at = () => ["--server", server.base];

describe("archive", () => {
  it("lists studies, a study's series, and what readers marked on a series", async () => {
    const { studies, page, more } = (await archive([...at(), "--patient", "jane"])) as Record<string, unknown[]>;
    expect([studies?.length, page, more]).toEqual([2, 1, false]);
    const { series } = (await archive([...at(), "--study", STUDY])) as { series: { modality: string }[] };
    expect(series.map(({ modality }) => modality)).toEqual(["CT", "SEG", "SEG", "SEG", "SEG", "SR"]);
    const listed = await archive([...at(), "--study", STUDY, "--series", SERIES]);
    expect(listed).toMatchObject({
      frames: 12,
      notes: [],
      nodules: [
        {
          name: "Nodule 1",
          slices: 7, // reader 4 marks up to 10 pixels off: 3 · |k − 6| ≤ 10
          readers: [
            { name: "Reader 1", marks: segPlace(1), volume_mm3: 1234.5, diameter_mm: 12.5, ratings: { malignancy: 4 } },
            { name: "Reader 2", marks: segPlace(2), volume_mm3: null, ratings: {} },
            { name: "Reader 3", marks: segPlace(3) },
            { name: "Reader 4", marks: segPlace(4) },
          ],
        },
      ],
    });
  });

  it("lists a public collection, and names those that it knows", async () => {
    // Nobody of LIDC is here: patient by patient is asked.
    const first = await archive([...at(), "--collection", "LIDC-IDRI"]);
    expect(first).toEqual({ collection: "LIDC-IDRI", studies: [], page: 1, more: true });
    expect(await archive([...at(), "--collection", "LIDC-IDRI", "--page", "102"])).toMatchObject({ more: false });
    expect(server.asked.at(-1)).toContain("PatientID=LIDC-IDRI-1012&");
    await expect(archive([...at(), "--collection", "other"])).rejects.toThrow(/give one of LIDC-IDRI/);
  });

  it("needs a server without a login in its address", async () => {
    await expect(archive([])).rejects.toThrow(/--server is missing/);
    await expect(archive(["--server", "ftp://here"])).rejects.toThrow(/give an address: https/);
    const error: Error = await archive(["--server", "http://anna:secret@here/"]).catch((problem) => problem);
    expect(error.message).toBe(
      "--server holds a user or password; put them in GRADERSPACE_DICOMWEB_USER and GRADERSPACE_DICOMWEB_PASSWORD.",
    );
    await expect(archive([...at(), "--series", SERIES])).rejects.toThrow(/--series needs --study/);
  });

  it("logs in as the environment says", async () => {
    const heard: (string | undefined)[] = [];
    server.fault = ({ headers }) => {
      heard.push(headers.authorization);
      return false;
    };
    await archive(at());
    process.env["GRADERSPACE_DICOMWEB_USER"] = "anna";
    process.env["GRADERSPACE_DICOMWEB_PASSWORD"] = "secret";
    await archive(at());
    process.env["GRADERSPACE_DICOMWEB_TOKEN"] = "abc";
    await archive(at());
    expect(heard).toEqual([undefined, `Basic ${btoa("anna:secret")}`, "Bearer abc"]);
  });
});

describe("a place in an archive", () => {
  it("is inspected as a file is; of a study with one series of pictures that one is taken", async () => {
    const whole = await inspect([CT_PLACE, ...at(), "--frame", "3"]);
    expect(whole).toMatchObject({ kind: "image", format: "dicom", frames: 12, width: 160, unit: "HU" });
    expect(await inspect([`dicomweb:${STUDY}`, ...at(), "--frame", "3"])).toEqual(whole);
    expect(await inspect([segPlace(2), ...at()])).toMatchObject({ kind: "marks", format: "dicom-seg" });
  });

  it("that is none, or not there, is a sentence", async () => {
    await expect(inspect(["dicomweb:not/a/uid", ...at()])).rejects.toThrow(/give dicomweb:STUDY\/SERIES, both as UIDs/);
    await expect(inspect([`dicomweb:${STUDY}/1.2.3`, ...at()])).rejects.toThrow(/has no series 1\.2\.3 of this study/);
    await expect(inspect(["dicomweb:9.9.9", ...at()])).rejects.toMatchObject({ tag: "ArchiveNotFound" });
    await expect(inspect([CT_PLACE])).rejects.toThrow(/--server is missing/);
  });

  it("is sampled with what only its own slice needs, and its session is replayed byte by byte", async () => {
    const out = join(folder, "masks");
    server.asked.length = 0;
    const words = ["--at", "80,80", "--count", "2", "--model", "tests/golden/tiny-general", "--formats", "png,seg"];
    await sample([CT_PLACE, ...at(), ...words, "--frame", "6", "--out", out]);
    expect(server.asked.filter((line) => line.includes("/instances/"))).toHaveLength(1);
    const again = join(folder, "again");
    const model = ["--model", "tests/golden/tiny-general", "--formats", "png,seg"];
    await replay([join(out, "session.json"), "--slice", CT_PLACE, ...at(), ...model, "--out", again]);
    const files = (path: string) => readdirSync(path).map((name) => [name, readFileSync(join(path, name))]);
    expect(files(again)).toEqual(files(out));
    expect(files(out).map(([name]) => name)).toContain("samples.seg.dcm");
  });

  it("is followed through its slices with the readers that the archive holds", async () => {
    const out = join(folder, "lesion");
    const marks = ["--marks", ...[1, 2, 3, 4].map(segPlace)];
    const words = ["--at", "80,80", "--slice", "6", "--count", "2", "--model", "tests/golden/tiny-general"];
    const { graders } = (await lesion([CT_PLACE, ...at(), ...words, ...marks, "--out", out])) as {
      graders: { slices: number }[];
    };
    // Reader r marks slices with 3·|k − 6| ≤ 6 + r: r = 1, 2 up to 2 slices away, 3 and 4 up to 3.
    expect(graders.map(({ slices }) => slices)).toEqual([5, 5, 7, 7]);
  });
});
