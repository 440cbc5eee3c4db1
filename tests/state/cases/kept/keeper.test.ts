import { encode } from "fast-png";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inEnglish } from "../../../../src/core/language/say.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { caseOnScreen, drawingReader, frameKey, isBlinded, yourMask } from "../../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { regionGraders } from "../../../../src/state/explore/masks.ts";
import { exampleId, fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { KeptInMemory } from "../../../support/kept-in-memory.ts";
import { turns, until } from "../../../support/until.ts";

let machine: KeptInMemory;
let tabs: Explorer[];

beforeEach(() => {
  machine = new KeptInMemory();
  tabs = [];
});
afterEach(() => {
  for (const tab of tabs) tab.dispose();
});

/** A tab of the page at this address. */
async function open(hash = ""): Promise<Explorer> {
  const ports = { ...fakePorts(async () => new Uint8Array()), kept: machine.tab() };
  const explorer = createExplorer(ports, fakeLibrary(), hash);
  tabs.push(explorer);
  await until(() => !isBusy(explorer.store.getState()));
  return explorer;
}

function ramp(name: string): File {
  const data = Uint8Array.from({ length: 160 * 150 }, (_, i) => (i % 160) + (name.length % 7));
  return new File([encode({ width: 160, height: 150, data, depth: 8, channels: 1 }) as Uint8Array<ArrayBuffer>], name);
}

/** Draws a square of 10 × 10 px at (x, x) as "You". */
function draw({ actions }: Explorer, x: number): void {
  actions.setLasso("redraw");
  actions.drawYou([x, x, x + 10, x, x + 10, x + 10, x, x + 10]);
}

const drawn = (tab: Explorer) => yourMask(tab.store.getState());
const said = (tab: Explorer) => tab.store.getState().notices.map(({ text }) => inEnglish(text));

/** Ends a tab as leaving the page does; gives its address. */
function leave(tab: Explorer): string {
  const hash = tab.hash();
  tab.wouldLose();
  tab.dispose();
  machine.tabs.length = 0;
  return hash;
}

describe("work that is kept on this machine", () => {
  it("comes back after a reload: the file, the view, the outline", async () => {
    const tab = await open();
    await tab.actions.openFiles([ramp("scan.png")]);
    await until(() => !isBusy(tab.store.getState()));
    tab.actions.setRegion(70, 66);
    tab.actions.setThreshold(0.3);
    draw(tab, 20);
    const mask = drawn(tab);
    expect(mask).not.toBeNull();
    const again = await open(leave(tab));
    const state = again.store.getState();
    expect(caseOnScreen(state)).toMatchObject({ title: "scan.png", own: true });
    expect(state.intent).toMatchObject({ region: [70, 66], threshold: 0.3 });
    expect(drawn(again)?.bits).toEqual(mask?.bits);
    expect(again.wouldLose()).toBe(false);
    expect(said(again).join()).not.toContain("not on the web");
  });

  it("brings outlines on an example back, and what was open before by the list", async () => {
    const tab = await open();
    draw(tab, 20);
    const mask = drawn(tab);
    await tab.actions.openFiles([ramp("scan.png")]);
    await until(() => !isBusy(tab.store.getState()));
    leave(tab);
    const again = await open();
    expect(caseOnScreen(again.store.getState())?.title).toBe("one");
    expect(drawn(again)?.bits).toEqual(mask?.bits);
    const kept = again.store.getState().onMachine.openings.find(({ title }) => title === "scan.png");
    await again.actions.reopenKept(kept?.id ?? "");
    expect(caseOnScreen(again.store.getState())?.title).toBe("scan.png");
  });

  it("is the work of the tab that took the case up last, and the other says so", async () => {
    const tab = await open();
    await tab.actions.openFiles([ramp("scan.png")]);
    await until(() => !isBusy(tab.store.getState()));
    tab.wouldLose();
    const second = await open(tab.hash());
    await turns(2);
    expect(said(tab).at(-1)).toContain("scan.png is open in another tab now");
    draw(second, 20);
    second.wouldLose();
    draw(tab, 40);
    expect([tab.wouldLose(), second.wouldLose()]).toEqual([true, false]);
    const mask = drawn(second);
    const third = await open(leave(second));
    expect(drawn(third)?.bits).toEqual(mask?.bits);
  });

  it("is forgotten when the person says so, and not kept again by leaving", async () => {
    const tab = await open();
    draw(tab, 20);
    await tab.actions.openFiles([ramp("scan.png")]);
    await until(() => !isBusy(tab.store.getState()));
    draw(tab, 20);
    tab.wouldLose();
    tab.actions.chooseMasks("graders");
    await tab.actions.forgetAll();
    expect(tab.store.getState().masksAre).toBeNull();
    expect(frameKey(tab.store.getState())).toContain("own:");
    expect(tab.wouldLose()).toBe(true);
    expect(machine.rows.size).toBe(0);
  });

  it("is not kept where the person does not want it, now and after a reload", async () => {
    const tab = await open();
    await tab.actions.openFiles([ramp("scan.png")]);
    await tab.actions.keepWork(false);
    expect(machine.rows.size).toBe(0);
    leave(tab);
    const again = await open();
    await until(() => !again.store.getState().onMachine.keeping);
    await again.actions.openFiles([ramp("other.png")]);
    draw(again, 20);
    expect([again.wouldLose(), machine.rows.size]).toEqual([true, 0]); // leaving warns
    await again.actions.keepWork(true);
    await again.actions.openFiles([ramp("third.png")]);
    expect([...machine.rows.values()].map(({ title }) => title)).toEqual(["third.png"]);
  });

  it("gives way to what was opened later, past the budget", async () => {
    const tab = await open();
    for (const name of ["a.png", "b.png"]) await tab.actions.openFiles([ramp(name)]);
    const [b, a] = tab.store.getState().onMachine.openings;
    expect([b?.title, a?.title]).toEqual(["b.png", "a.png"]);
    const row = machine.rows.get(a?.id ?? "");
    if (row) machine.rows.set(row.id, { ...row, bytes: 500e6 });
    await tab.actions.openFiles([ramp("c.png")]);
    expect(tab.store.getState().onMachine.openings.map(({ title }) => title)).toEqual(["c.png", "b.png"]);
  });

  it("makes room where the disk is full: what was opened least recently goes", async () => {
    const tab = await open();
    for (const name of ["a.png", "b.png"]) await tab.actions.openFiles([ramp(name)]);
    machine.room = 0;
    await tab.actions.openFiles([ramp("c.png")]);
    expect(tab.store.getState().onMachine.openings.map(({ title }) => title)).toEqual(["c.png", "b.png"]);
    expect(tab.store.getState().onMachine.refused).toBe(false);
  });

  it("is not there where storage is refused: the page works, and leaving with an outline warns", async () => {
    machine.refused = true;
    const tab = await open();
    expect(tab.wouldLose()).toBe(false);
    draw(tab, 20);
    expect(tab.wouldLose()).toBe(true);
    await tab.actions.openFiles([ramp("scan.png")]);
    await until(() => !isBusy(tab.store.getState()));
    expect(caseOnScreen(tab.store.getState())?.title).toBe("scan.png");
  });

  it("comes back with every reader: name, colour, what each drew, and who is done", async () => {
    const tab = await open();
    draw(tab, 90);
    tab.actions.addReader();
    const { id } = drawingReader(tab.store.getState());
    tab.actions.renameReader(id, "Anna");
    tab.actions.colourReader(id, 9);
    draw(tab, 95);
    tab.actions.setBlinded(true);
    tab.actions.sayDone();
    tab.actions.addReader();
    tab.actions.showReader(drawingReader(tab.store.getState()).id, false);
    const before = tab.store.getState();
    expect(tab.wouldLose()).toBe(false);
    const again = await open(leave(tab));
    await until(() => again.store.getState().readers.length === 3);
    const state = again.store.getState();
    expect(state.readers).toEqual(before.readers);
    expect(state.drawings).toEqual(before.drawings);
    expect(state.blinding).toEqual(before.blinding);
    expect(isBlinded(state)).toBe(true); // "You" is in hand, and not done
    expect(regionGraders(state).map(({ label }) => label)).toEqual(["You"]);
  });

  it("is of one person on every case, by whatever name the reader goes now", async () => {
    const tab = await open();
    tab.actions.addReader();
    const { id } = drawingReader(tab.store.getState());
    draw(tab, 90);
    await tab.actions.openCase(exampleId("two"));
    tab.actions.renameReader(id, "Anna");
    draw(tab, 90);
    leave(tab);
    const again = await open("case=example:two");
    await until(() => again.store.getState().readers.length === 2);
    await again.actions.openCase(exampleId("one"));
    await until(() => regionGraders(again.store.getState()).some(({ key }) => key === id));
    expect(again.store.getState().readers.map(({ name }) => name)).toEqual(["You", "Anna"]);
  });

  it("stays where a step back leads to before it came, and goes only when it is taken away", async () => {
    const tab = await open();
    tab.actions.addReader();
    draw(tab, 90);
    tab.wouldLose();
    leave(tab);
    const again = await open("case=example:two");
    await again.actions.openCase(exampleId("one"));
    await until(() => again.store.getState().readers.length === 2);
    again.actions.undo(); // to before the case was opened
    again.actions.redo();
    expect(again.store.getState().drawings.size).toBe(1);
    again.actions.undo();
    expect(again.store.getState().drawings.size).toBe(1);
    await again.actions.openCase(exampleId("one"));
    const { id } = again.store.getState().readers[1] as { id: "you" };
    again.actions.removeReader(id);
    leave(again);
    const third = await open();
    await turns(5);
    expect(third.store.getState().readers).toHaveLength(1);
  });
});
