import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GraderspaceError } from "../../../src/core/errors.ts";
import { openDicom } from "../../../src/io/dicom/file.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import type { Runs } from "../../../src/state/app/on-demand/runs.ts";
import { caseOnScreen, frameOnScreen } from "../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { type StandIn, standIn } from "../../support/archive/stand-in.ts";
import { ctFile, idcStudy, readerBits, STUDY } from "../../support/archive/study.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

const CT = { slices: 20, size: 140 };
const CREATED = "2026-01-01T00:00:00.000Z";
let server: StandIn;
let explorer: Explorer;
let runs: Runs;
const desk = () => runs.archive.store.getState();
const state = () => explorer.store.getState();
/** Nothing is asked and nothing is fetched any more. */
const quiet = () => until(() => !isBusy(state()) && state().jobs.archive === undefined && desk().doing === null);

beforeEach(async () => {
  const others = Array.from({ length: 30 }, (_, k) => ctFile(0, { slices: 1, size: 2, tag: `.${k + 10}` }));
  server = await standIn([...idcStudy(CT), ...others]);
  const ports = fakePorts(async () => new Uint8Array());
  explorer = createExplorer({ ...ports, archives: [{ base: server.base, host: "pacs.example" }] }, fakeLibrary());
  runs = await explorer.runs.fetch();
  await until(() => !isBusy(state()));
});
afterEach(async () => {
  explorer.dispose();
  await server.close();
});

/** To the nodules of the study's CT. */
async function lookAtTheCt(): Promise<void> {
  const { archive } = runs;
  archive.ask({ patient: "ID-77" });
  await archive.search();
  await archive.openStudy(
    desk().studies?.found.find(({ study }) => study === STUDY) as NonNullable<ReturnType<typeof desk>["study"]>,
  );
  await archive.look(desk().series?.[0] as NonNullable<ReturnType<typeof desk>["series"]>[number]);
}

describe("an archive", () => {
  it("is asked nothing before a person asks", () => {
    expect(server.asked).toEqual([]);
  });

  it("is searched a page at a time", async () => {
    await runs.archive.search();
    expect([desk().studies?.found.length, desk().studies?.more]).toEqual([25, true]);
    await runs.archive.search(1);
    expect([desk().studies?.found.length, desk().studies?.more, desk().page]).toEqual([6, false, 1]); // 31 studies
    await runs.archive.search(0);
    expect(desk().page).toBe(0);
  });

  it("opens a nodule with its readers; only its slices and three around them are fetched", async () => {
    await lookAtTheCt();
    expect(desk().viewed).toMatchObject({ frames: 20, preview: { width: 140 }, notes: [] });
    expect(desk().viewed?.nodules.map(({ name, readers }) => [name, readers.length])).toEqual([["Nodule 1", 4]]);
    expect(await runs.archive.open(desk().viewed?.nodules[0] ?? null, null)).toBe(true);
    await quiet();
    expect(caseOnScreen(state())).toMatchObject({ title: "Nodule 1 · Thin lung", frames: 20, own: true });
    expect(state().intent.frame).toBe(10);
    expect(frameOnScreen(state())?.graders.map(({ mask }) => [...(mask?.bits ?? [])])).toEqual(
      [1, 2, 3, 4].map((reader) => [...readerBits(reader, 10, CT)]),
    );
    // Reader 4 marks 7 to 13; with three around them 4 to 16: 13 slices, and 4 files of marks.
    const instances = server.asked.filter((line) => line.includes("/instances/"));
    expect(instances).toHaveLength(17);
    expect(new Set(instances).size).toBe(17);
    await explorer.actions.setFrame(0);
    expect(server.asked.filter((line) => line.includes("/instances/"))).toHaveLength(18);
    expect(state().notices.filter(({ kind }) => kind === "alert")).toEqual([]);
  });

  it("opens the series alone, nearest slices first, and can be stopped", async () => {
    await lookAtTheCt();
    let fetched = 0;
    server.fault = (request) => {
      if (request.url?.includes("/instances/") && ++fetched === 6) explorer.actions.cancel("archive");
      return false;
    };
    await runs.archive.open(null, null);
    await quiet();
    expect(caseOnScreen(state())?.title).toBe("Thin lung");
    expect(frameOnScreen(state())?.graders).toEqual([]);
    expect(fetched).toBeLessThan(14);
    await explorer.actions.setFrame(19);
    expect(state().intent.frame).toBe(19);
  });

  it("that ends a login in the middle leaves the screen as it is, and goes on after another login", async () => {
    await lookAtTheCt();
    const before = caseOnScreen(state())?.id;
    let locked = true;
    server.fault = ({ headers }, response) => {
      if (!locked || headers.authorization === `Basic ${btoa("anna:secret")}`) return false;
      response.writeHead(401).end();
      return true;
    };
    const nodule = desk().viewed?.nodules[0] ?? null;
    expect(await runs.archive.open(nodule, null)).toBe(false);
    expect(desk().setback).toMatchObject({ tag: "ArchiveLogin" });
    expect([caseOnScreen(state())?.id, desk().viewed?.frames]).toEqual([before, 20]);
    await runs.archive.logIn("anna", "wrong");
    expect(desk().setback).toMatchObject({ tag: "ArchiveLogin" });
    await runs.archive.logIn("anna", "secret");
    await quiet();
    expect(desk().setback).toBeNull();
    expect(caseOnScreen(state())?.title).toBe("Nodule 1 · Thin lung");
    locked = false;
  });

  it("whose single instance is broken costs that slice alone, with a sentence", async () => {
    await lookAtTheCt();
    server.fault = (request, response) => {
      if (!request.url?.endsWith(".1.14")) return false; // slice 13
      response.writeHead(500).end();
      return true;
    };
    await runs.archive.open(desk().viewed?.nodules[0] ?? null, null);
    await quiet();
    const alerts = state().notices.filter(({ kind }) => kind === "alert");
    expect(alerts.map(({ text }) => text)).toEqual([
      "1 slice of 13 could not be fetched, and will be asked for again when you go there. pacs.example: it answered 500 to the instance; try again, or ask whoever runs it.",
    ]);
    server.fault = null;
    await explorer.actions.setFrame(13);
    expect(state().intent.frame).toBe(13);
  });
});

describe("what goes back", () => {
  it("is shown, sent, answered in words; sent again it is the same object", async () => {
    await lookAtTheCt();
    await runs.archive.open(desk().viewed?.nodules[0] ?? null, null);
    await quiet();
    await until(() => state().drawn !== null && !isBusy(state()));
    const { outbox } = runs;
    const { caseId } = state().intent;
    expect(outbox.refusal(caseId)).toBeNull();
    await explorer.actions.prepareStore(["seg", "rtstruct"], CREATED);
    const { ready } = outbox.store.getState();
    expect(ready).toMatchObject({
      host: "pacs.example",
      patient: "DOE JANE",
      parcel: { files: [{ name: "samples.seg.dcm" }, { name: "samples.rtstruct.dcm" }] },
    });
    expect(ready?.parcel.segments.at(-1)).toBe("Grader 4");
    let refuse = true;
    server.fault = (request, response) => {
      if (request.method !== "POST" || !refuse) return false;
      response.writeHead(500).end();
      return true;
    };
    await outbox.send();
    expect(outbox.store.getState()).toMatchObject({ answer: null, unsent: { tag: "ArchiveAnswer" } });
    refuse = false;
    await outbox.send();
    await outbox.send();
    expect(outbox.store.getState()).toMatchObject({
      answer: "pacs.example has stored samples.seg.dcm and samples.rtstruct.dcm in the study of DOE JANE.",
      unsent: null,
    });
    const sent = server.files.filter(({ bytes }) =>
      ready?.parcel.files.some((file) => Buffer.from(bytes).equals(file.bytes)),
    );
    expect(sent).toHaveLength(2);
    const { dataset } = await openDicom(sent[0]?.bytes as Uint8Array, "sent");
    expect([dataset.text(0x0020000d), dataset.text(0x00100020)]).toEqual([STUDY, "ID-77"]);
  });

  it("is no second nodule when the series is looked at again", async () => {
    await lookAtTheCt();
    await runs.archive.open(desk().viewed?.nodules[0] ?? null, null);
    await quiet();
    await until(() => state().drawn !== null && !isBusy(state()));
    await explorer.actions.prepareStore(["seg", "rtstruct"], CREATED);
    await runs.outbox.send();
    expect(runs.outbox.store.getState().unsent).toBeNull();
    await lookAtTheCt();
    expect(desk().series?.filter(({ modality }) => modality === "RTSTRUCT")).toHaveLength(1); // it is there
    expect(desk().viewed?.nodules.map(({ name, readers }) => [name, readers.length])).toEqual([["Nodule 1", 4]]);
    expect(desk().viewed?.notes).toEqual([
      "2 objects were stored by Graderspace and left out: they hold samples, and copies of readers. Open the file to see them.",
    ]);
  });

  it("is nothing of a slice that did not come from an archive", async () => {
    const { caseId } = state().intent;
    expect(runs.outbox.refusal(caseId)).toBe("this slice was not opened from an archive");
    const problem: GraderspaceError = await explorer.actions.prepareStore(["seg", "rtstruct"], CREATED).then(
      () => null,
      (error) => error,
    );
    expect(problem?.tag ?? "CannotExport").toBe("CannotExport");
    expect(runs.outbox.store.getState().ready).toBeNull();
  });
});
