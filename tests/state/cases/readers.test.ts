import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import { areaPx } from "../../../src/core/values/slice.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import type { ReaderId } from "../../../src/state/app/intent.ts";
import { drawingReader, isBlinded, isLocked } from "../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { canExport } from "../../../src/state/explore/export.ts";
import { figures, graderFigures, surprises } from "../../../src/state/explore/figures.ts";
import { posteriorOf } from "../../../src/state/explore/keys.ts";
import { sourceName } from "../../../src/state/explore/latent/z.ts";
import { graderConsensus, regionGraders, sampleMasks } from "../../../src/state/explore/masks.ts";
import { currentMask } from "../../../src/state/explore/shown.ts";
import { exampleId, fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();
const said = () => inEnglish(state().notices.at(-1)?.text ?? "");
/** Readers in the page as the region shows them: what each is called, and the area. */
const seen = () =>
  regionGraders(state()).flatMap(({ key, label, areaPx: px }) => (typeof key === "string" ? [[label, px]] : []));
const idOf = (name: string) => state().readers.find((one) => one.name === name)?.id as ReaderId;

async function open(hash = ""): Promise<void> {
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
    hash,
  );
  await until(() => !isBusy(state()));
}

/** A square of so many pixels a side, by the reader in hand. */
function square(side: number, x = 95): void {
  explorer.actions.setLasso("redraw");
  explorer.actions.drawYou([x, 85, x + side, 85, x + side, 85 + side, x, 85 + side]);
}

/** "You" and Anna have drawn a square of 10 and one of 6; Anna is in hand. */
function twoDraw(): void {
  square(10);
  explorer.actions.addReader();
  explorer.actions.renameReader(idOf("Reader 2"), "Anna");
  square(6);
}

beforeEach(() => open());
afterEach(() => explorer.dispose());

describe("readers in the page", () => {
  it("draw an outline each, and count under their own names beside the graders of the case", async () => {
    twoDraw();
    expect(seen()).toEqual([
      ["You", 100],
      ["Anna", 36],
    ]);
    expect(graderFigures(state()).map(({ grader }) => grader.mark)).toEqual(["1", "2", "Y", "A"]);
    expect(figures(state())).toMatchObject({ graders: 2, drew: 1 }); // GED² is held against the case's alone
    await until(() => surprises(state()).every((one) => one !== null));
    explorer.actions.asGrader(idOf("Anna"));
    expect(sourceName(state())).toBe("posterior of Anna");
    expect(posteriorOf(state(), idOf("Anna"))).not.toBeNull();
  });

  it("have each a colour that no other has, and one of the person's wish", () => {
    for (let k = 0; k < 7; k++) explorer.actions.addReader();
    expect(new Set(state().readers.map(({ slot }) => slot)).size).toBe(8);
    for (let k = 0; k < 9; k++) explorer.actions.addReader();
    expect(state().readers).toHaveLength(12);
    square(4);
    explorer.actions.colourReader(drawingReader(state()).id, 9);
    expect(regionGraders(state()).at(-1)?.slot).toBe(9);
  });

  it("cannot be called as another is, as a grader of the case, or nothing", () => {
    twoDraw();
    explorer.actions.addReader();
    const id = drawingReader(state()).id;
    expect(explorer.actions.renameReader(id, "  anna ")).toBe(false);
    expect(said()).toBe("There is a reader called Anna already, and nobody could tell the two apart.");
    expect(explorer.actions.renameReader(id, "Grader 2")).toBe(false);
    expect(said()).toContain("what a grader of the case is called");
    expect(explorer.actions.renameReader(id, "   ")).toBe(false);
    expect(said()).toBe("A reader needs a name.");
    expect(drawingReader(state()).name).toBe("Reader 3");
    expect(explorer.actions.renameReader(id, " Dr.\n \\ Berg ")).toBe(true);
    expect(drawingReader(state()).name).toBe("Dr. Berg");
    expect(explorer.actions.renameReader(id, "DR. BERG")).toBe(true); // their own name in capitals
    square(4);
    expect(regionGraders(state()).at(-1)).toMatchObject({ label: "DR. BERG", mark: "DB" });
  });

  it("are on no picture and in no figure while they are hidden; who draws is seen", () => {
    twoDraw();
    explorer.actions.showReader("you", false);
    expect(seen()).toEqual([["Anna", 36]]);
    explorer.actions.drawAs("you");
    explorer.actions.drawYou([95, 85, 105, 85, 105, 95, 95, 95]);
    expect(seen()).toHaveLength(2);
  });

  it("are taken away with all that they drew, and Undo brings both back", () => {
    twoDraw();
    const id = idOf("Anna");
    explorer.actions.removeReader(id);
    expect(said()).toContain("Anna is gone");
    expect(seen()).toEqual([["You", 100]]);
    expect(drawingReader(state()).name).toBe("You");
    explorer.actions.undo();
    expect(seen()).toContainEqual(["Anna", 36]);
    expect(drawingReader(state()).id).toBe(id);
    explorer.actions.removeReader("you");
    expect(seen()).toContainEqual(["You", 100]);
  });

  it("draw on each case apart", async () => {
    twoDraw();
    await explorer.actions.openCase(exampleId("two"));
    expect(seen()).toEqual([]);
    square(8);
    await explorer.actions.openCase(exampleId("one"));
    expect(seen()).toContainEqual(["Anna", 36]);
  });
});

describe("a blinded reader", () => {
  it("sees nobody else and nothing made of them, until done; then all, and changes nothing", () => {
    twoDraw();
    const whole = regionGraders(state()).length;
    explorer.actions.setBlinded(true);
    expect(seen()).toEqual([["Anna", 36]]);
    expect(regionGraders(state())).toHaveLength(1);
    expect([sampleMasks(state()), currentMask(state()), graderConsensus(state())]).toEqual([[], null, null]);
    expect(canExport(state())).toBe(false);
    square(8);
    expect(seen()).toEqual([["Anna", 64]]);
    explorer.actions.sayDone();
    expect(regionGraders(state())).toHaveLength(whole);
    expect(sampleMasks(state())).toHaveLength(16);
    expect([isBlinded(state()), isLocked(state()), canExport(state()), state().lasso]).toEqual([
      false,
      true,
      true,
      "off",
    ]);
    square(5);
    explorer.actions.clearYou();
    explorer.actions.undo();
    expect(seen()).toContainEqual(["Anna", 64]);
    expect(said()).toBe("Anna is done with this case: the outline stays as it was made, before the others were seen.");
  });

  it("is done with one case, and no other reader with it", async () => {
    twoDraw();
    explorer.actions.setBlinded(true);
    explorer.actions.sayDone();
    explorer.actions.drawAs("you");
    expect(seen()).toEqual([["You", 100]]);
    explorer.actions.drawAs(idOf("Anna"));
    expect(isBlinded(state())).toBe(false);
    await explorer.actions.openCase(exampleId("two"));
    expect(isBlinded(state())).toBe(true);
  });

  it("is no longer done who draws on without being blinded", () => {
    twoDraw();
    explorer.actions.setBlinded(true);
    explorer.actions.sayDone();
    explorer.actions.setBlinded(false);
    square(7);
    explorer.actions.setBlinded(true);
    expect([isBlinded(state()), isLocked(state())]).toEqual([true, false]);
  });

  it("opens so by a link, and says done to nobody who is not blinded", async () => {
    explorer.actions.sayDone();
    explorer.actions.setBlinded(true);
    expect(isBlinded(state())).toBe(true);
    const hash = explorer.hash();
    explorer.dispose();
    await open(hash);
    expect(isBlinded(state())).toBe(true);
    explorer.actions.follow("case=example:two");
    await until(() => state().intent.caseId === exampleId("two"));
    expect(isBlinded(state())).toBe(true); // an edited address unblinds nobody
  });

  it("keeps areas of the others out of what assistive technology is told", () => {
    twoDraw();
    explorer.actions.setBlinded(true);
    expect(graderFigures(state()).map(({ grader }) => areaPx(grader.mask))).toEqual([36]);
  });
});
