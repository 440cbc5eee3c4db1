import { encode } from "fast-png";
import { afterEach, beforeEach, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import { areaPx } from "../../../src/core/values/slice.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { caseOnScreen, frameOnScreen } from "../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { KeptInMemory } from "../../support/kept-in-memory.ts";
import { until } from "../../support/until.ts";

let machine: KeptInMemory;
let page: Explorer;
const state = () => page.store.getState();
const title = () => caseOnScreen(state())?.title;
const said = () => inEnglish(state().notices.at(-1)?.text ?? "");
/** Areas of what the graders drew, in pixels. */
const areas = () => frameOnScreen(state())?.graders.map(({ mask }) => (mask ? areaPx(mask) : 0));

async function open(hash = ""): Promise<void> {
  page = createExplorer({ ...fakePorts(async () => new Uint8Array()), kept: machine.tab() }, fakeLibrary(), hash);
  await until(() => !isBusy(state()));
}

beforeEach(async () => {
  machine = new KeptInMemory();
  await open();
});
afterEach(() => page.dispose());

function png(name: string, side: number, valueAt: (x: number, y: number) => number): File {
  const data = Uint8Array.from({ length: side * side }, (_, i) => valueAt(i % side, Math.floor(i / side)));
  return new File(
    [encode({ width: side, height: side, data, depth: 8, channels: 1 }) as Uint8Array<ArrayBuffer>],
    name,
  );
}
const scan = (side = 160) => png("scan.png", side, (x) => x);
/** A square of `edge` × `edge` px. */
const mask = (name: string, edge: number, side = 160) =>
  png(name, side, (x, y) => (x >= 70 && x < 70 + edge && y >= 70 && y < 70 + edge ? 255 : 0));

const openScan = () => page.actions.openFiles([scan()]);
it("a mask opened alone while a slice is open is asked about, and the page is not busy meanwhile", async () => {
  await openScan();
  void page.actions.openFiles([mask("mask.png", 9)]);
  await until(() => state().asking !== null);
  expect(state().asking).toEqual({
    file: "mask.png",
    meanings: ["graders", "samples", "slice"],
    samples: { count: 1, method: "mask" },
  });
  expect(state().jobs.open).toBeUndefined();
  expect(title()).toBe("scan.png");
  page.actions.answerMask(null);
  expect([state().asking, said()]).toEqual([null, "mask.png was not opened."]);
});

it("as graders it lies on the slice that stays; as a slice it is a case of its own", async () => {
  await openScan();
  for (const [meaning, expected] of [
    ["graders", { title: "scan.png", areas: [81] }],
    ["slice", { title: "mask.png", areas: [] }],
  ] as const) {
    const opening = page.actions.openFiles([mask("mask.png", 9)]);
    await until(() => state().asking !== null);
    page.actions.answerMask(meaning);
    await opening;
    expect({ title: title(), areas: areas() }).toEqual(expected);
  }
});

it("what is said for good is not asked again, not after a reload either, until it is taken back", async () => {
  await openScan();
  const opening = page.actions.openFiles([mask("one.png", 9)]);
  await until(() => state().asking !== null);
  page.actions.answerMask("graders", true);
  await opening;
  await page.actions.openFiles([mask("two.png", 10)]);
  expect(areas()).toEqual([81, 100]);
  page.dispose();
  await open();
  expect(state().masksAre).toBe("graders");
  page.actions.chooseMasks(null);
  await openScan();
  void page.actions.openFiles([mask("three.png", 11)]);
  await until(() => state().asking !== null);
});

it("nothing is asked where the drop has a picture of its own, or where the mask cannot lie on the slice", async () => {
  await openScan();
  await page.actions.openFiles([png("other.png", 160, (x, y) => x ^ y), mask("mask.png", 9)]);
  expect([title(), areas()]).toEqual(["other.png", [81]]);
  await page.actions.openFiles([mask("small.png", 9, 140)]);
  expect([title(), state().asking]).toEqual(["small.png", null]);
  expect(said()).toContain("small.png looks like a mask that does not lie on other.png, so it is a slice of its own");
});

it("several masks go onto the slice without a question", async () => {
  await openScan();
  await page.actions.openFiles([mask("b.png", 10), mask("a.png", 9)]);
  expect([title(), areas()]).toEqual(["scan.png", [81, 100]]);
});

it("a slice that is opened while a question stands takes its place", async () => {
  await openScan();
  const first = page.actions.openFiles([mask("one.png", 9)]);
  await until(() => state().asking !== null);
  const second = page.actions.openFiles([mask("two.png", 10)]);
  await first; // answered with neither
  await until(() => state().asking?.file === "two.png");
  page.actions.answerMask("graders");
  await second;
  expect(areas()).toEqual([100]);
});

it("kept work with a mask comes back without a question", async () => {
  await openScan();
  const opening = page.actions.openFiles([mask("mask.png", 9)]);
  await until(() => state().asking !== null);
  page.actions.answerMask("graders");
  await opening;
  const hash = page.hash();
  page.wouldLose();
  page.dispose();
  machine.tabs.length = 0;
  await open(hash);
  expect([title(), areas(), state().asking]).toEqual(["scan.png", [81], null]);
});
