import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import { areaPx } from "../../../src/core/values/slice.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { caseOnScreen, frameOnScreen } from "../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { structuresFile } from "../../support/archive/structures.ts";
import { ctFile, readerBits } from "../../support/archive/study.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { KeptInMemory } from "../../support/kept-in-memory.ts";
import { until } from "../../support/until.ts";

const CT = { slices: 3, size: 140 };
let machine: KeptInMemory;
let page: Explorer;
const state = () => page.store.getState();
/** Names of the graders and areas of what they drew, in pixels. */
const drawn = () => frameOnScreen(state())?.graders.map(({ name, mask }) => [name, mask ? areaPx(mask) : 0]);
const file = (name: string, bytes: Uint8Array) => new File([bytes as Uint8Array<ArrayBuffer>], name);
const ct = () => file("ct.dcm", ctFile(1, CT));
const structures = (...regions: (readonly [string, number])[]) =>
  file("rs.dcm", structuresFile({ number: 1, regions }, CT));
const area = (reader: number) => readerBits(reader, 1, CT).reduce((sum, bit) => sum + bit, 0);

async function open(hash = ""): Promise<void> {
  page = createExplorer({ ...fakePorts(async () => new Uint8Array()), kept: machine.tab() }, fakeLibrary(), hash);
  await until(() => !isBusy(state()));
}
beforeEach(async () => {
  machine = new KeptInMemory();
  await open();
});
afterEach(() => page.dispose());

/** Opens files, and answers the question once it stands. */
async function opened(files: readonly File[], answer: "graders" | "file" | null): Promise<void> {
  const opening = page.actions.openFiles(files);
  await until(() => state().asking !== null);
  expect(isBusy(state())).toBe(false);
  page.actions.answerRegions(answer);
  await opening;
  await until(() => !isBusy(state()));
}

describe("an RTSTRUCT of several regions", () => {
  it("is asked about, and each region is a grader or all of them are one grader's", async () => {
    const regions = [
      ["Anna", 1],
      ["Ben", 4],
    ] as const;
    const opening = page.actions.openFiles([ct(), structures(...regions)]);
    await until(() => state().asking !== null);
    expect(state().asking).toEqual({ file: "rs.dcm", regions: ["Anna", "Ben"] });
    page.actions.answerRegions("graders");
    await opening;
    await until(() => !isBusy(state()));
    expect(drawn()).toEqual([
      ["Anna", area(1)],
      ["Ben", area(4)],
    ]);
    await opened([ct(), structures(...regions)], "file");
    expect(drawn()).toEqual([["rs.dcm", area(4)]]); // reader 1's ball lies within reader 4's
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toContain(
      "its 2 regions of interest are taken together for one grader: Anna, Ben",
    );
  });

  it("that is dropped on an open slice is asked about, too; nothing is opened where neither is wanted", async () => {
    await page.actions.openFiles([ct()]);
    await until(() => !isBusy(state()));
    await opened([structures(["a", 1], ["b", 2])], null);
    expect([drawn(), inEnglish(state().notices.at(-1)?.text ?? "")]).toEqual([[], "rs.dcm was not opened."]);
    await opened([structures(["a", 1], ["b", 2])], "file");
    expect(drawn()).toEqual([["rs.dcm", area(2)]]);
  });

  it("of one region is not asked about", async () => {
    await page.actions.openFiles([ct(), structures(["GTV", 1])]);
    await until(() => !isBusy(state()));
    expect([state().asking, drawn()]).toEqual([null, [["GTV", area(1)]]]);
  });

  it("comes back after a reload as it was meant, without a question", async () => {
    await opened([ct(), structures(["a", 1], ["b", 2])], "file");
    await until(() => state().onMachine.openings.length > 0);
    const hash = page.hash();
    page.wouldLose(); // writes at once
    await until(() => state().onMachine.openings.some(({ works }) => Object.keys(works).length > 0));
    page.dispose();
    await open(hash);
    await until(() => caseOnScreen(state())?.own === true && !isBusy(state()));
    expect([state().asking, drawn()]).toEqual([null, [["rs.dcm", area(2)]]]);
  });
});
