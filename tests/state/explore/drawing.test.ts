import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import { areaPx, type Mask } from "../../../src/core/values/slice.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { caseOnScreen, drawingReader, drawnBy, yourMask } from "../../../src/state/cases/on-screen.ts";
import { outlinesOn } from "../../../src/state/cases/readers.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { gapsAround } from "../../../src/state/explore/drawing.ts";
import { ballSeries } from "../../support/ball-series.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();
const said = () => inEnglish(state().notices.at(-1)?.text ?? "");
const area = () => areaPx(yourMask(state()) ?? { width: 0, height: 0, bits: new Uint8Array() });
const stepsBack = () => explorer.store.temporal.getState().pastStates.length;

beforeEach(async () => {
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  await until(() => !isBusy(state()));
});
afterEach(() => explorer.dispose());

/** A square of so many pixels a side about (70, 60). */
function square(side: number, x = 70): void {
  const [left, top] = [x - side / 2, 60 - side / 2];
  explorer.actions.setLasso("redraw");
  explorer.actions.drawYou([left, top, left + side, top, left + side, top + side, left, top + side]);
}

describe("brush and eraser", () => {
  it("add and take away what they pass over, a stroke a step", () => {
    explorer.actions.setBrush(3);
    explorer.actions.setLasso("brush");
    explorer.actions.drawYou([90, 90, 99, 90]);
    expect(area()).toBe(36); // three rows of 12: the ends' corners lie √2 < 1.5 away
    explorer.actions.drawYou([95, 90]);
    expect(stepsBack()).toBe(2);
  });
});

describe("the reader's own outline", () => {
  it("is not made by an eraser, which takes away from what is there", () => {
    explorer.actions.setLasso("erase");
    explorer.actions.drawYou([100, 90, 110, 90]);
    expect([yourMask(state()), stepsBack()]).toEqual([null, 0]);
    square(20);
    explorer.actions.setBrush(5);
    explorer.actions.setLasso("erase");
    explorer.actions.drawYou([70, 60]);
    expect(area()).toBe(400 - 21); // a disc of five pixels: 3 + 5 + 5 + 5 + 3
    explorer.actions.undo();
    expect(area()).toBe(400);
  });

  it("is filled where it encloses a hole, and says so where it encloses none", () => {
    square(20);
    explorer.actions.setLasso("subtract");
    explorer.actions.drawYou([66, 56, 74, 56, 74, 64, 66, 64]);
    expect(area()).toBe(336);
    explorer.actions.fillYourHoles();
    expect(area()).toBe(400);
    const before = stepsBack();
    explorer.actions.fillYourHoles();
    expect([said(), stepsBack()]).toEqual(["The outline encloses no hole.", before]);
  });

  it("is drawn with a brush of 1 to 60 pixels, a tenth wider or narrower by a key", () => {
    explorer.actions.setBrush(40);
    explorer.actions.widenBrush(1);
    expect(state().brush).toBe(44);
    explorer.actions.setBrush(2);
    for (let k = 0; k < 3; k++) explorer.actions.widenBrush(-1);
    expect(state().brush).toBe(1);
    explorer.actions.setBrush(1000);
    expect(state().brush).toBe(60);
  });
});

describe("interpolation between slices", () => {
  const drawn = () => {
    const { id } = caseOnScreen(state()) as NonNullable<ReturnType<typeof caseOnScreen>>;
    return outlinesOn(state(), drawingReader(state()).id, id)
      .map(({ frame, mask }) => [frame, areaPx(mask)] as const)
      .sort((a, b) => a[0] - b[0]);
  };
  const at = async (frame: number) => {
    await explorer.actions.setFrame(frame);
    expect(state().intent.frame).toBe(frame);
  };

  beforeEach(async () => {
    await explorer.actions.openFiles([ballSeries()]);
    await until(() => !isBusy(state()));
  });

  it("draws on the slices between the nearest two that were drawn on, in one step", async () => {
    await at(1);
    square(10);
    await at(5);
    square(30);
    await at(8);
    square(4);
    await at(3);
    explorer.actions.interpolate();
    expect(drawn().map(([frame]) => frame)).toEqual([1, 2, 3, 4, 5, 8]);
    const areas = drawn().map(([, px]) => px);
    for (const [i, side] of [15, 20, 25].entries()) {
      expect(areas[i + 1]).toBeGreaterThan((side - 1) ** 2 * 0.9);
      expect(areas[i + 1]).toBeLessThan((side + 1) ** 2);
    }
    expect(said()).toBe("Interpolated on 3 slices.");
    explorer.actions.undo();
    expect(drawn().map(([frame]) => frame)).toEqual([1, 5, 8]);
  });

  it("goes to both sides of a slice that was drawn on", async () => {
    for (const frame of [1, 4, 7]) {
      await at(frame);
      square(10);
    }
    await at(4);
    explorer.actions.interpolate();
    expect(drawn().map(([frame]) => frame)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("needs two slices with one between, and outlines that overlap", async () => {
    await at(2);
    square(10);
    await at(3);
    square(10, 40);
    expect(gapsAround(state())).toEqual([]);
    explorer.actions.undo();
    await at(6);
    square(10, 30);
    await at(4);
    expect(gapsAround(state())).toHaveLength(1);
    const before = stepsBack();
    explorer.actions.interpolate();
    expect(drawn().map(([frame]) => frame)).toEqual([2, 6]);
    expect(said()).toContain("do not overlap");
    expect(stepsBack()).toBe(before);
  });

  it("is of the reader in hand alone", async () => {
    await at(1);
    square(10);
    await at(5);
    square(10);
    await at(3);
    explorer.actions.addReader();
    explorer.actions.interpolate();
    expect(drawnBy(state(), "you") as Mask | null).toBeNull();
    explorer.actions.drawAs("you");
    explorer.actions.interpolate();
    expect(area()).toBe(100);
  });
});
