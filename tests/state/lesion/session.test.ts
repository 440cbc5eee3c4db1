import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import { openZip } from "../../../src/io/bytes/zip.ts";
import { readSession, type Session, writeSession } from "../../../src/io/session/session.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { lesionOnScreen } from "../../../src/state/lesion/keys.ts";
import { thresholdsWord } from "../../../src/state/lesion/link.ts";
import { ballSeries } from "../../support/ball-series.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();

beforeEach(() => begin());
afterEach(() => explorer.dispose());

async function begin(): Promise<void> {
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  await until(() => !isBusy(state()));
}

/** The session of an exported lesion, cut by one threshold of 7 mm, its second sample outlined; changed as is said. */
async function exported(change: (session: Session) => Session = (session) => session): Promise<File> {
  await explorer.actions.openFiles([ballSeries()]);
  explorer.actions.setRegion(70, 60);
  explorer.actions.setCount(3);
  await until(() => !isBusy(state()));
  explorer.actions.show("lesion");
  await until(() => lesionOnScreen(state())?.found != null);
  explorer.actions.setThresholds([{ name: "7mm", measure: "meanDiameterMm", value: 7 }]);
  explorer.actions.toggleLesionSample(1);
  const { name, bytes } = await explorer.actions.exportLesion({}, "2026-01-02T03:04:05Z");
  const entry = openZip(bytes, name).find((one) => one.name === "session.json");
  const session = readSession((await entry?.read()) ?? new Uint8Array(), "session.json");
  explorer.dispose();
  await begin();
  return new File([writeSession(change(session)) as Uint8Array<ArrayBuffer>], "session.json");
}

async function expectLesion(): Promise<void> {
  await until(() => lesionOnScreen(state())?.found != null);
  expect(state()).toMatchObject({ view: "lesion", intent: { region: [70, 60], count: 3, frame: 4 } });
  expect(thresholdsWord(state().lesionThresholds)).toBe("7mm");
  expect(state().lesionLook.sample).toBe(1);
}
const alerts = () => state().notices.flatMap(({ kind, text }) => (kind === "alert" ? [inEnglish(text)] : []));

describe("a session of a lesion", () => {
  it("opened with its series shows the lesion, its sizes and its sample", async () => {
    const session = await exported();
    await explorer.actions.openFiles([session, ballSeries()]);
    await expectLesion();
    expect(alerts()).toEqual([]);
  });

  it("waits for its series in the place where the person is", async () => {
    const session = await exported();
    await explorer.actions.openFiles([session]);
    expect(state().view).toBe("explorer");
    await explorer.actions.openFiles([ballSeries()]);
    await expectLesion();
  });

  it("finds its series where that is open", async () => {
    const session = await exported();
    await explorer.actions.openFiles([ballSeries()]);
    await explorer.actions.setFrame(4);
    await explorer.actions.openFiles([session]);
    await expectLesion();
  });

  it("says where its samples were coupled otherwise than the page's", async () => {
    const other = (session: Session) => ({ ...session, lesion: { ...session.lesion!, coupling: "same-z" } });
    const session = await exported(other);
    await explorer.actions.openFiles([session, ballSeries()]);
    await expectLesion();
    expect(alerts().join()).toMatch(/samples are others than the session's.*same-z in the session; `replay`/);
  });

  it("is of the slice alone where no lesion was followed", async () => {
    const { lesion: _none, ...plain } = readSession(new Uint8Array(await (await exported()).arrayBuffer()), "s");
    const file = new File([writeSession(plain) as Uint8Array<ArrayBuffer>], "session.json");
    await explorer.actions.openFiles([file, ballSeries()]);
    await until(() => !isBusy(state()));
    expect(state().view).toBe("explorer");
  });
});
