import { afterEach, describe, expect, it } from "vitest";
import { GraderspaceError, toPlain } from "../../../src/core/errors.ts";
import { inEnglish } from "../../../src/core/language/say.ts";
import { areaPx } from "../../../src/core/values/slice.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { currentKey, isBusy } from "../../../src/state/explore/busy.ts";
import { figures, graderFigures, surprises } from "../../../src/state/explore/figures.ts";
import { posteriorOf } from "../../../src/state/explore/keys.ts";
import { sigmaOf } from "../../../src/state/explore/latent/z.ts";
import { regionGraders, sampleAreas, sampleOrder } from "../../../src/state/explore/masks.ts";
import { currentMask } from "../../../src/state/explore/shown.ts";
import { discMask, exampleId, fakeLibrary } from "../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
let ports: FakePorts;

async function open(hash = ""): Promise<void> {
  ports = fakePorts(async () => new Uint8Array());
  explorer = createExplorer(ports, fakeLibrary(), hash);
  await until(() => !isBusy(explorer.store.getState()));
}

const state = () => explorer.store.getState();
const LOST = new GraderspaceError("DeviceLost", { problem: "the device is gone" });
const axis = (index: number) => {
  const vector = new Float32Array(6);
  vector[index] = 1;
  return { name: `z${index + 1}`, vector };
};
const moveTo = (index: number, at: number, gesture: string | null = null) =>
  explorer.actions.moveTo([{ direction: axis(index), at }], gesture);

afterEach(() => explorer.dispose());

describe("the page without a click", () => {
  it("ends with samples, maps and the prior mean of the first example", async () => {
    await open();
    expect(state().intent.caseId).toBe("example:one");
    expect(state().drawn?.value.samples.count).toBe(16);
    expect(state().drawn?.value.statistics.variance.some((value) => value > 0)).toBe(true);
    expect(Array.from(sigmaOf(state()) ?? [])).toEqual([0, 0, 0, 0, 0, 0]);
    expect(areaPx(currentMask(state()) as NonNullable<ReturnType<typeof currentMask>>)).toBeGreaterThan(0);
  });

  it("encodes once, whatever is drawn of it", async () => {
    await open();
    explorer.actions.setSeed(4);
    explorer.actions.setCount(5);
    await until(() => !isBusy(state()));
    expect(ports.fake.calls.encode).toBe(1);
    expect(state().drawn?.value.samples.count).toBe(5);
  });

  it("places every grader, the one who drew nothing too", async () => {
    await open();
    await until(() => Object.keys(state().posteriors).length === 2);
    expect(surprises(state()).every((one) => one !== null && one.total > 0)).toBe(true);
    expect(regionGraders(state()).map(({ areaPx: px }) => px > 0)).toEqual([true, false]);
    expect(figures(state())).toMatchObject({ samples: 16, graders: 2, drew: 1 });
    expect(graderFigures(state())[1]?.grader.name).toBe("Blind");
  });

  it("fills the plane of 19 × 19 masks", async () => {
    await open();
    await until(() => state().plane?.value.done === 361);
    expect(state().plane?.value.cells.every((cell) => cell?.length === 24 * 24)).toBe(true);
  });
});

describe("z", () => {
  it("moves by hand and is decoded: the last z wins", async () => {
    await open();
    await until(() => state().plane?.value.done === 361);
    ports.decoder.hold = true;
    const before = ports.decoder.singles;
    for (let i = 1; i <= 50; i++) {
      moveTo(1, i / 25, "z2");
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    ports.decoder.release();
    await until(() => !isBusy(state()));
    expect(sigmaOf(state())?.[1]).toBeCloseTo(2, 5);
    expect(state().current?.key).toBe(currentKey(state()));
    expect(ports.decoder.singles - before).toBeLessThan(10);
  });

  it("drops a late result of a region that is no longer shown", async () => {
    await open();
    await until(() => state().plane?.value.done === 361);
    ports.decoder.hold = true;
    moveTo(1, 2);
    await until(() => ports.decoder.held.length === 1);
    explorer.actions.setRegion(60, 64);
    await until(() => ports.fake.calls.encode === 2 && state().encoded?.value.crop.origin[0] === 0);
    ports.decoder.release();
    await until(() => !isBusy(state()));
    expect(state().current?.key).toBe(currentKey(state()));
  });

  it("is the same for the same seed, and another for another", async () => {
    await open();
    const areas = async (seed: number) => {
      explorer.actions.setSeed(seed);
      explorer.actions.drawSamples();
      await until(() => !isBusy(state()));
      return sampleAreas(state());
    };
    const first = await areas(7);
    expect(await areas(8)).not.toEqual(first);
    expect(await areas(7)).toEqual(first);
    expect(sigmaOf(state())).toEqual(Float32Array.from(state().drawn?.value.draws[0]?.z ?? []));
  });

  it("goes to a grader's posterior, and half way to another's", async () => {
    await open();
    await until(() => Object.keys(state().posteriors).length === 2);
    explorer.actions.asGrader(0);
    const from = sigmaOf(state()) as Float32Array;
    explorer.actions.asGrader(1);
    const to = sigmaOf(state()) as Float32Array;
    explorer.actions.between(0, 1, 0.5);
    const half = sigmaOf(state()) as Float32Array;
    expect(from[1]).not.toBeCloseTo(to[1] as number, 3);
    expect(half[1]).toBeCloseTo(((from[1] as number) + (to[1] as number)) / 2, 5);
  });

  it("stays on a locked axis, whatever else sets it", async () => {
    await open();
    moveTo(2, 1.5);
    explorer.actions.toggleLock(2);
    explorer.actions.chooseSample(3);
    expect(sigmaOf(state())?.[2]).toBe(1.5);
    explorer.actions.toggleLock(2);
    expect(sigmaOf(state())?.[2]).not.toBe(1.5);
  });
});

describe("undo", () => {
  it("takes back a whole drag in one step, and brings it again", async () => {
    await open();
    for (let i = 1; i <= 20; i++) moveTo(0, i / 10, "z1");
    moveTo(1, 1, "z2");
    explorer.actions.undo();
    expect(Array.from(sigmaOf(state()) ?? []).slice(0, 2)).toEqual([2, 0]);
    explorer.actions.undo();
    expect(state().intent.z.source.kind).toBe("mean");
    explorer.actions.redo();
    expect(sigmaOf(state())?.[0]).toBe(2);
  });

  it("does not count what the page does by itself", async () => {
    await open();
    await until(() => state().plane?.value.done === 361);
    expect(explorer.store.temporal.getState().pastStates.length).toBe(0);
  });

  it("takes back a stroke of the lasso", async () => {
    await open();
    explorer.actions.setLasso("redraw");
    explorer.actions.drawYou([95, 85, 105, 85, 105, 95, 95, 95]);
    const drawn = regionGraders(state()).at(-1);
    expect(drawn).toMatchObject({ key: "you", areaPx: 100 }); // pixel centres 95…104 both ways
    explorer.actions.drawYou([100, 85, 110, 85, 110, 95, 100, 95]);
    expect(regionGraders(state()).at(-1)?.areaPx).toBe(150);
    explorer.actions.setLasso("subtract");
    explorer.actions.drawYou([95, 85, 105, 85, 105, 95, 95, 95]);
    expect(regionGraders(state()).at(-1)?.areaPx).toBe(50);
    explorer.actions.undo();
    explorer.actions.undo();
    expect(regionGraders(state()).at(-1)?.areaPx).toBe(100);
    await until(() => posteriorOf(state(), "you") !== null);
  });
});

describe("a case that cannot be read", () => {
  it("leaves the one before on the screen, and says so", async () => {
    await open();
    await explorer.actions.openCase(exampleId("bad"));
    expect(state().intent.caseId).toBe("example:one");
    expect(state().notices.at(-1)).toMatchObject({ kind: "alert" });
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toContain("example:bad: it cannot be read");
    expect(isBusy(state())).toBe(false);
  });
});

describe("failures", () => {
  it("of a model become a sentence, and the page is not busy for ever", async () => {
    ports = fakePorts(async () => new Uint8Array());
    ports.fake.fail.load = new GraderspaceError("ModelTruncated", { file: "weights", problem: "it is cut short" });
    explorer = createExplorer(ports, fakeLibrary());
    await until(() => state().notices.length > 0 && !isBusy(state()));
    expect(inEnglish(state().notices[0]?.text ?? "")).toBe("weights: it is cut short.");
    expect(ports.fake.calls.load).toBe(1);
  });

  it("of a grader's posterior do not stop the others", async () => {
    ports = fakePorts(async () => new Uint8Array());
    ports.fake.fail.posterior = new GraderspaceError("DeviceLost", { problem: "the device is gone" });
    explorer = createExplorer(ports, fakeLibrary());
    await until(() => ports.fake.calls.posterior >= 2);
    await until(() => !isBusy(state()));
    expect(ports.fake.calls.posterior).toBeLessThan(5);
  });
});

describe("a change of the model that is taken back before its end", () => {
  it("asks the model on the screen, which stayed at work", async () => {
    await open();
    let end = () => {};
    ports.fake.slow = new Promise((resolve) => {
      end = resolve;
    });
    explorer.actions.setModel("fake-fields");
    await until(() => ports.fake.network === "fake-fields");
    explorer.actions.setModel("fake");
    explorer.actions.setRegion(80, 90); // wants another encode
    end();
    await until(() => ports.fake.calls.encode === 2 && !isBusy(state()));
    expect(ports.fake.encodedBy).toEqual(["fake", "fake"]);
  });
});

describe("what is told", () => {
  it("a sentence as it is, an error by its own", async () => {
    await open();
    explorer.actions.warn("The picture is too large.");
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toBe("The picture is too large.");
    explorer.actions.warn(new GraderspaceError("DamagedFile", { file: "a.png", problem: "it is cut short" }));
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toBe("a.png: it is cut short.");
  });

  it("not a failed column, which says it itself; and nothing once the page is gone", async () => {
    await open();
    const failed = (key: string) => ({ key, error: toPlain(LOST) });
    explorer.store.setState({ failures: { "compare:other": failed("other") } });
    expect(state().notices).toEqual([]);
    explorer.store.setState({ failures: { plane: failed("a") } });
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toContain("he device is gone");
    explorer.dispose();
    const told = state().notices;
    explorer.store.setState({ failures: { plane: failed("b") } });
    expect(state().notices).toBe(told);
  });
});

describe("the strip", () => {
  it("is in the order of drawing or of area", async () => {
    await open();
    explorer.actions.setSort("area");
    const areas = sampleAreas(state());
    const sorted = sampleOrder(state()).map((index) => areas[index] as number);
    expect(sorted).toEqual([...areas].sort((a, b) => a - b));
  });

  it("holds at most two pinned samples", async () => {
    await open();
    for (const index of [1, 2, 3]) explorer.actions.togglePin(index);
    expect(state().intent.view.pinned).toEqual([2, 3]);
    expect(discMask(2).bits.some((bit) => bit === 1)).toBe(true);
  });
});
