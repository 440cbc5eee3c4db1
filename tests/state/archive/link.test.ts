import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { archiveLinkIn, archiveWords } from "../../../src/state/archive/link.ts";
import { caseOnScreen, frameOnScreen } from "../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { type StandIn, standIn } from "../../support/archive/stand-in.ts";
import { idcStudy, SERIES, STUDY, sopOf, trackingOf } from "../../support/archive/study.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

const CT = { slices: 20, size: 140 };
let server: StandIn;
let pages: Explorer[] = [];

beforeEach(async () => {
  server = await standIn(idcStudy(CT));
});
afterEach(async () => {
  for (const page of pages) page.dispose();
  pages = [];
  await server.close();
});

type Site = { readonly base: string; readonly host: string; readonly links?: boolean };
async function pageWith(sites: readonly Site[], hash = ""): Promise<Explorer> {
  const ports = fakePorts(async () => new Uint8Array());
  const page = createExplorer({ ...ports, archives: sites }, fakeLibrary(), hash);
  pages.push(page);
  await quiet(page);
  return page;
}
const quiet = async ({ store, runs }: Explorer) => {
  const { archive } = await runs.fetch();
  await until(() => {
    const state = store.getState();
    return !isBusy(state) && state.jobs.archive === undefined && archive.store.getState().doing === null;
  });
};
const here = (links = true): Site => ({ base: server.base, host: "pacs.example", links });
const alerts = ({ store }: Explorer) =>
  store
    .getState()
    .notices.filter(({ kind }) => kind === "alert")
    .map(({ text }) => text);

/** Nodule 1 of five readers' series, on slice 8, z of sample 3, seed 7. */
async function viewOf(page: Explorer): Promise<void> {
  const { actions } = page;
  const { archive } = await page.runs.fetch();
  const desk = () => archive.store.getState();
  await archive.search();
  await archive.openStudy(desk().studies!.found[0]!);
  await archive.look(desk().series![0]!);
  await archive.open(desk().viewed!.nodules[0]!, 5);
  await quiet(page);
  await actions.setFrame(8);
  page.store.want((intent) => ({ ...intent, seed: 7, z: { source: { kind: "sample", index: 2 }, locks: {} } }));
  await quiet(page);
}

describe("a link into an archive", () => {
  it("opens series, nodule, readers, picture, samples and view again, on a page that has asked nothing yet", async () => {
    const first = await pageWith([here()]);
    await viewOf(first);
    const hash = first.hash();
    expect(archiveLinkIn(hash)).toEqual({
      host: null,
      study: STUDY,
      series: SERIES,
      sop: sopOf(8),
      nodule: trackingOf(1),
      readBy: 5,
    });
    const second = await pageWith([here()], hash);
    await until(() => caseOnScreen(second.store.getState())?.title === "Nodule 1 · Thin lung");
    await quiet(second);
    const { intent } = second.store.getState();
    expect([intent.frame, intent.seed, intent.z.source]).toEqual([8, 7, { kind: "sample", index: 2 }]);
    const graders = (page: Explorer) => frameOnScreen(page.store.getState())?.graders;
    expect(graders(second)).toEqual(graders(first));
    expect(
      graders(second)
        ?.map(({ name, mask }) => [name, mask !== null])
        .at(-1),
    ).toEqual(["Reader 5", false]);
    expect(second.hash()).toBe(hash);
    expect(alerts(second)).toEqual([]);
  });

  it("is made by no page whose host does not allow it, and such a page follows none", async () => {
    const page = await pageWith([here(false)]);
    await viewOf(page);
    expect(page.hash()).not.toMatch(/study|series|1\.2\.826/);
    const before = server.asked.length;
    const other = await pageWith([here(false)], `study=${STUDY}&series=${SERIES}`);
    expect(server.asked.length).toBe(before);
    expect(alerts(other)).toEqual([
      "This link names a series in an archive, and whoever serves this page allows no such links. Find it through Archive.",
    ]);
    expect(caseOnScreen(other.store.getState())).not.toBeNull();
  });

  it("is said in a sentence where the page has no archive, or not that one", async () => {
    const words = `study=${STUDY}&series=${SERIES}`;
    expect(alerts(await pageWith([], words))).toEqual([
      "This link names a series in an archive, and this page has none: start it with npm start -- --dicomweb ADDRESS --link-archive.",
    ]);
    expect(alerts(await pageWith([here()], `${words}&archive=other.example`))).toEqual([
      "This link names a series in an archive that this page may not ask: other.example. Find the series through Archive.",
    ]);
  });

  it("that the archive does not have, or cannot give now, is a sentence, and the archive's sheet has the next step", async () => {
    const gone = await pageWith([here()], `study=${STUDY}&series=1.2.3`);
    expect(alerts(gone)).toEqual([
      "The link could not be followed. pacs.example: it does not have the series that the link names; search it through Archive; it may have been moved or removed.",
    ]);
    expect(gone.store.getState().sheet).toBe("archive");
    let locked = true;
    server.fault = (_, response) => {
      if (locked) response.writeHead(401).end();
      return locked;
    };
    const page = await pageWith([here()], `study=${STUDY}&series=${SERIES}&nodule=${trackingOf(1)}&sop=${sopOf(9)}`);
    expect(alerts(page)[0]).toMatch(/^The link could not be followed. pacs.example: the archive wants a login/);
    expect((await page.runs.fetch()).archive.store.getState().setback).toMatchObject({ tag: "ArchiveLogin" });
    locked = false;
    await (await page.runs.fetch()).archive.logIn("anna", "secret");
    await quiet(page);
    expect(caseOnScreen(page.store.getState())?.title).toBe("Nodule 1 · Thin lung");
    expect([page.store.getState().intent.frame, page.store.getState().sheet]).toEqual([9, null]);
  });

  it("that is typed into the address of an open page is followed", async () => {
    const page = await pageWith([here()]);
    page.actions.follow(`#study=${STUDY}&series=${SERIES}&sop=${sopOf(3)}`);
    await until(() => caseOnScreen(page.store.getState())?.title === "Thin lung");
    await quiet(page);
    expect(page.store.getState().intent.frame).toBe(3);
  });
});

describe("the words of a link", () => {
  it("come back as they were said, and what is no UID is left out", () => {
    const link = { host: "a.example:80", study: "1.2", series: "1.3", sop: "1.4", nodule: "Nodule 1 & 2", readBy: 4 };
    expect(archiveLinkIn(archiveWords(link))).toEqual(link);
    const longest = { ...link, nodule: `region ${"n".repeat(64)}` };
    expect(archiveLinkIn(archiveWords(longest))).toEqual(longest);
    expect(archiveLinkIn("study=1.2&series=../../x")).toBeNull();
    expect(archiveLinkIn("study=1.2&series=1.3&sop=x&readers=-1")).toMatchObject({
      sop: null,
      readBy: null,
      nodule: null,
    });
    expect(archiveLinkIn("case=ball")).toBeNull();
  });
});
