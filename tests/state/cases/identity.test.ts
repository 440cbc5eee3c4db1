import { encode } from "fast-png";
import { afterEach, describe, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import { areaPx } from "../../../src/core/values/slice.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writeNpy } from "../../../src/io/numpy/npy-write.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { caseOnScreen, frameOnScreen } from "../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { FIRST_WISH } from "../../../src/state/explore/export.ts";
import { regionGraders } from "../../../src/state/explore/masks.ts";
import { currentMask } from "../../../src/state/explore/shown.ts";
import { english } from "../../support/english.ts";
import { exampleId, fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { ballInAir, disc, TINY_SIDE } from "../../support/tiny-pack.ts";
import { until } from "../../support/until.ts";

/** A case is its opening: nothing of another case is shown under its name, whatever the two have in common. */

let explorer: Explorer;
const state = () => explorer.store.getState();
const said = () => inEnglish(state().notices.at(-1)?.text ?? "");
const settled = () => until(() => !isBusy(state()));

async function start(hash = ""): Promise<void> {
  const ports = fakePorts(async () => new Uint8Array());
  explorer = createExplorer(ports, fakeLibrary(), hash);
  await settled();
}

const SIDE = 160;
const fileOf = (name: string, bytes: Uint8Array) => new File([bytes as Uint8Array<ArrayBuffer>], name);

/** A disc of radius r around (80, 80), as a picture of greys or as a mask. */
function png(name: string, r: number, mask: boolean): File {
  const data = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const inside = Math.hypot((i % SIDE) - 80, Math.floor(i / SIDE) - 80) < r;
    return inside ? (mask ? 255 : 200) : mask ? 0 : 20 + ((i % SIDE) >> 3);
  });
  return fileOf(name, encode({ width: SIDE, height: SIDE, data, depth: 8, channels: 1 }));
}

/** A stack whose frame k holds the grey 10·k everywhere but at its first pixel. */
function stack(name: string, frames: number): File {
  const values = new Int16Array(frames * SIDE * SIDE);
  for (let k = 0; k < frames; k++) values.fill(10 * k, k * SIDE * SIDE + 1, (k + 1) * SIDE * SIDE);
  return fileOf(name, writeNpy(values, [frames, SIDE, SIDE]));
}

/** The same file, whose bytes come when they are let through. */
function held(file: File): { readonly file: File; let: () => void } {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const slowly = <T extends Blob>(blob: T): T => {
    const [bytes, slice] = [blob.arrayBuffer.bind(blob), blob.slice.bind(blob)];
    return Object.assign(blob, {
      arrayBuffer: () => gate.then(bytes),
      slice: (from?: number, to?: number) => slowly(slice(from, to)),
    });
  };
  return { file: slowly(file), let: open };
}

afterEach(() => explorer.dispose());

describe("a file opened again", () => {
  it("is a case of its own: the graders of the first opening are not the second's", async () => {
    await start();
    await explorer.actions.openFiles([png("slice.png", 9, false), png("a.png", 7, true)]);
    await settled();
    expect(regionGraders(state())).toHaveLength(1);
    const first = state().intent.caseId;
    await explorer.actions.openFiles([png("slice.png", 9, false)]);
    await settled();
    expect(regionGraders(state())).toHaveLength(0);
    expect(state().intent.caseId).not.toBe(first);
    expect(
      state()
        .entries.slice(-2)
        .map(({ title }) => title),
    ).toEqual(["slice.png", "slice.png (2)"]);
  });

  it("keeps an outline of yours to the opening that it was drawn on", async () => {
    await start();
    await explorer.actions.openFiles([png("slice.png", 9, false)]);
    explorer.actions.drawYou([70, 70, 90, 70, 90, 90, 70, 90]);
    expect(regionGraders(state()).map(({ key }) => key)).toEqual(["you"]);
    await explorer.actions.openFiles([png("slice.png", 9, false)]);
    expect(regionGraders(state())).toEqual([]);
    explorer.actions.undo();
    expect(regionGraders(state()).map(({ key }) => key)).toEqual(["you"]);
  });

  it("shows its own frames: a single picture with the numbers of a stack's middle is not the stack", async () => {
    await start();
    const flat = Int16Array.from({ length: SIDE * SIDE }, (_, i) => (i === 0 ? 0 : 10));
    await explorer.actions.openFiles([fileOf("one.npy", writeNpy(flat, [SIDE, SIDE]))]);
    await explorer.actions.openFiles([stack("stack.npy", 3)]); // its middle frame holds the same numbers
    await explorer.actions.setFrame(0);
    expect(frameOnScreen(state())?.slice.values[5]).toBe(0);
    expect(caseOnScreen(state())?.title).toBe("stack.npy");
    await explorer.actions.setFrame(2);
    expect(frameOnScreen(state())?.slice.values[5]).toBe(20);
  });

  it("tells packs of one name apart, even where their cases have one id", async () => {
    await start();
    const pack = (r: number) => {
      const region = [80, 80] as const;
      const graders = [{ name: "Grader 1", mask: disc(TINY_SIDE, 80, 80, r) }];
      const slice = ballInAir(TINY_SIDE, 80, 80, r);
      const one = { id: "a", title: "A", simulated: false, slice, region, graders };
      return fileOf("pack.zip", writeZip(writePack("Balls", "", [one])));
    };
    await explorer.actions.openFiles([pack(5)]);
    const small = regionGraders(state())[0]?.areaPx ?? 0;
    await explorer.actions.openFiles([pack(9)]);
    expect(regionGraders(state())[0]?.areaPx).toBeGreaterThan(2 * small);
    expect(new Set(state().entries.map(({ id }) => id)).size).toBe(state().entries.length);
    expect(
      state()
        .entries.slice(-2)
        .map(({ group }) => english(group)),
    ).toEqual(["Balls", "Balls (2)"]);
  });
});

describe("what is asked for in quick succession", () => {
  it("three turns of the wheel move three frames", async () => {
    await start();
    await explorer.actions.openFiles([stack("stack.npy", 9)]);
    expect(state().intent.frame).toBe(4);
    await Promise.all([1, 1, 1].map((by) => explorer.actions.turnFrame(by)));
    expect(state().intent.frame).toBe(7);
    expect(frameOnScreen(state())?.slice.values[5]).toBe(70);
  });

  it("a slow file does not replace the case chosen after it, and is in the menu", async () => {
    await start();
    const slow = held(png("slow.png", 9, false));
    const opened = explorer.actions.openFiles([slow.file]);
    await explorer.actions.openCase(exampleId("two"));
    slow.let();
    await opened;
    expect(state().intent.caseId).toBe(exampleId("two"));
    expect(said()).toBe("slow.png is open too: it is in the menu of cases.");
    const entry = state().entries.at(-1);
    expect(entry?.title).toBe("slow.png");
    await explorer.actions.openCase(entry?.id ?? exampleId("one"));
    expect(frameOnScreen(state())?.slice.width).toBe(SIDE);
  });

  it("says that it is reading until the last of two files is read", async () => {
    await start();
    const slow = held(png("slow.png", 9, false));
    const opened = explorer.actions.openFiles([slow.file]);
    await explorer.actions.openCase(exampleId("two"));
    expect(english(state().jobs.open?.what)).toBe("Reading slow.png");
    slow.let();
    await opened;
    expect(state().jobs.open).toBeUndefined();
  });

  it("slow marks go onto the case that was on the screen when they were dropped", async () => {
    await start();
    await explorer.actions.openFiles([png("slice.png", 9, false)]);
    const own = state().intent.caseId;
    await settled();
    const wish = {
      ...FIRST_WISH,
      formats: ["nrrd" as const],
      maps: false,
      table: false,
      session: false,
      figures: false,
      figure: false,
    };
    const { bytes } = await explorer.actions.exportView(wish, null, "2026-01-01T00:00:00.000Z");
    const slow = held(fileOf("reader.seg.nrrd", bytes)); // the 16 samples and the mean, as 17 graders
    const laid = explorer.actions.openFiles([slow.file]);
    await explorer.actions.openCase(exampleId("two"));
    slow.let();
    await until(() => explorer.store.getState().asking !== null); // more than four segments may be samples
    explorer.actions.answerMask("graders");
    await laid;
    expect(state().intent.caseId).toBe(exampleId("two"));
    expect(regionGraders(state()).map(({ name }) => name)).toEqual(["Tight", "Blind"]);
    await explorer.actions.openCase(own ?? exampleId("one"));
    expect(regionGraders(state())).toHaveLength(17);
  });
});

describe("a link", () => {
  it("of a z with another number of axes than the model says so, and the prior mean is shown", async () => {
    await start("#z=x1,2");
    expect(isBusy(state())).toBe(false);
    expect(said()).toBe("The z that was asked for has 2 numbers, and Fake model has 6 axes: the prior mean is shown.");
    expect(state().intent.z.source).toEqual({ kind: "mean" });
    expect(areaPx(currentMask(state()) ?? disc(1, 9, 9, 0))).toBeGreaterThan(0);
  });

  it("of a grader whom the slice does not have says so", async () => {
    await start("#z=g9");
    expect(said()).toBe("This slice has no grader 9: the prior mean is shown.");
    expect(isBusy(state())).toBe(false);
  });

  it("of your outline, where you drew none, says so", async () => {
    await start("#z=gyou");
    expect(said()).toBe("You have drawn nothing on this slice: the prior mean is shown.");
    expect(isBusy(state())).toBe(false);
  });

  for (const name of ["__proto__", "constructor:x", "example:three", "own:1"])
    it(`of the case ${name} says that it is not here, and gives its z and box to no other`, async () => {
      await start(`#case=${name}&z=h1,1,1,1,1,1&at=70,71`);
      expect(state().intent).toMatchObject({ caseId: exampleId("one"), region: null, z: { source: { kind: "mean" } } });
      expect(said()).toContain("The link is about a case that this page does not have");
    });

  it("of a slice of its sender's gives its z and box to that slice alone", async () => {
    await start("#own=0badcafe&z=h1,1,1,1,1,1&at=70,71&seed=5");
    expect(state().intent).toMatchObject({ region: null, seed: 5, z: { source: { kind: "mean" } } });
    expect(state().awaited?.intent.region).toEqual([70, 71]);
  });

  it("is not waited for any longer once another case is chosen", async () => {
    await start("#own=0badcafe&seed=5");
    await explorer.actions.openCase(exampleId("two"));
    expect(state().awaited).toBeNull();
  });

  it("of a frame that the case does not have shows the one that there is", async () => {
    await start("#case=example:two&frame=7");
    expect(state().intent).toMatchObject({ caseId: exampleId("two"), frame: 0 });
    expect(isBusy(state())).toBe(false);
  });
});
