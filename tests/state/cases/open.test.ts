import { decode, encode } from "fast-png";
import { strFromU8, unzipSync } from "fflate";
import { afterEach, describe, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import { areaPx } from "../../../src/core/values/slice.ts";
import { writeNpy } from "../../../src/io/numpy/npy-write.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { drawingReader, frameOnScreen, yourMask } from "../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { FIRST_WISH } from "../../../src/state/explore/export.ts";
import { sigmaOf } from "../../../src/state/explore/latent/z.ts";
import { regionGraders, sampleAreas } from "../../../src/state/explore/masks.ts";
import { currentMask } from "../../../src/state/explore/shown.ts";
import { english } from "../../support/english.ts";
import { FAKE_CONFIG } from "../../support/fake-engine.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();
const CREATED = "2026-01-01T00:00:00.000Z";

async function open(hash = ""): Promise<void> {
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
    hash,
  );
  await until(() => !isBusy(state()));
}

/** A file of 160 × 150 px, or as large as is said: a disc at (90, 80) on a ramp, or a mask of it. */
function disc(name: string, radius: number, mask: boolean, [width, height] = [160, 150] as [number, number]): File {
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const inside = Math.hypot((i % width) - 90, Math.floor(i / width) - 80) < radius;
    return inside ? (mask ? 255 : 200) : mask ? 0 : 20 + ((i % width) >> 3);
  });
  return new File([encode({ width, height, data, depth: 8, channels: 1 }) as Uint8Array<ArrayBuffer>], name);
}

const fileOf = (name: string, bytes: Uint8Array) => new File([bytes as Uint8Array<ArrayBuffer>], name);

afterEach(() => explorer.dispose());

describe("opening files", () => {
  it("finds the slice and its graders among several pictures, and says so", async () => {
    await open();
    await explorer.actions.openFiles([disc("b.png", 11, true), disc("slice.png", 9, false), disc("a.png", 7, true)]);
    await until(() => !isBusy(state()));
    expect(frameOnScreen(state())?.slice).toMatchObject({ width: 160, height: 150, unit: "stored" });
    expect(state().intent.view.window).toBeNull();
    expect(regionGraders(state()).map(({ areaPx: px }) => px > 200)).toEqual([false, true]); // a: 149 px, b: 377 px
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toContain("slice.png is the slice");
    expect(english(state().entries.at(-1))).toMatchObject({ group: "Opened files", title: "slice.png" });
  });

  it("refuses a model of smaller regions than the page shows, and leaves what is on the screen", async () => {
    await open();
    const { model } = state().intent;
    const text = (config: object) => new TextEncoder().encode(JSON.stringify(config));
    const own = { ...FAKE_CONFIG, weights: [{ ...FAKE_CONFIG.weights[0], bytes: 16 }] };
    const small = { ...own, name: "small", preprocessing: { size: 32, scaling: "min-max-8bit" } };
    const weights = fileOf("weights.safetensors", new Uint8Array(16));
    await explorer.actions.openFiles([fileOf("config.json", text(small)), weights]);
    await until(() => state().notices.length > 0);
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toContain(
      "small works on regions of 32 × 32 pixels, and the page shows 128 × 128",
    );
    expect([
      state().intent.model,
      state()
        .models.map(({ name }) => name)
        .includes("small"),
    ]).toEqual([model, false]);
    await explorer.actions.openFiles([fileOf("config.json", text({ ...own, name: "large" })), weights]);
    await until(() => state().intent.model === "large");
  });

  it("lists a folder of images with labels of several readers as cases of a pack, and says what was made of it", async () => {
    await open();
    await explorer.actions.openFiles([
      ...["a", "b"].map((name) => disc(`data/images/${name}.png`, 9, false)),
      ...["a", "b"].flatMap((name) => [disc(`data/anna/${name}.png`, 7, true), disc(`data/ben/${name}.png`, 11, true)]),
    ]);
    await until(() => !isBusy(state()) && state().entries.some(({ group }) => group === "data"));
    expect(english(state().notices.at(-1)?.text)).toMatch(
      /^data is a pack of 2 cases: data\. .* 2 images, 2 marked lesions/,
    );
    expect(
      state()
        .entries.filter(({ group }) => group === "data")
        .map(({ title }) => title),
    ).toEqual(["a · 2 of 2 drew", "b · 2 of 2 drew"]);
  });

  it("puts the region on what the graders drew", async () => {
    await open();
    await explorer.actions.openFiles([disc("slice.png", 9, false), disc("a.png", 7, true)]);
    await until(() => !isBusy(state()));
    expect(state().encoded?.value.crop.origin).toEqual([26, 16]); // (90, 80) − 64
  });

  it("says where the region goes, where no grader tells", async () => {
    const hint = "Drag the box in the slice onto the lesion";
    await open();
    await explorer.actions.openFiles([disc("slice.png", 9, false)]);
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toContain(hint);
    await explorer.actions.openFiles([disc("slice.png", 9, false), disc("a.png", 7, true)]);
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).not.toContain(hint);
    await explorer.actions.openFiles([disc("small.png", 9, false, [128, 100])]); // it has no other place to go
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toBe("Opened small.png.");
  });

  it("says what is odd about a later slice when it comes on the screen, and takes it back", async () => {
    await open();
    const pixels = 128 * 128;
    const values = new Float32Array(3 * pixels).map((_, i) => i % 99);
    values[2 * pixels + 5] = Number.NaN; // of the last slice of three
    await explorer.actions.openFiles([fileOf("three.npy", writeNpy(values, [3, 128, 128]))]);
    await until(() => !isBusy(state()));
    const odd = () =>
      state()
        .notices.filter(({ text }) => inEnglish(text).includes("no finite numbers"))
        .map(({ text }) => inEnglish(text));
    expect([state().intent.frame, odd()]).toEqual([1, []]);
    void explorer.actions.turnFrame(1);
    await until(() => !isBusy(state()) && frameOnScreen(state())?.index === 2);
    expect(odd()).toEqual(["3 of 3: three.npy: 1 of its 16384 values are no finite numbers and are left out."]);
    void explorer.actions.turnFrame(-1);
    await until(() => !isBusy(state()) && frameOnScreen(state())?.index === 1);
    expect(odd()).toEqual([]);
    void explorer.actions.turnFrame(1);
    await until(() => !isBusy(state()) && frameOnScreen(state())?.index === 2);
    expect(odd().length).toBe(1);
  });

  it("leaves the case where a file is broken, and names the file", async () => {
    await open();
    const before = state().intent;
    await explorer.actions.openFiles([fileOf("broken.dcm", new TextEncoder().encode("nothing"))]);
    expect(state().intent).toBe(before);
    expect(state().notices.at(-1)).toMatchObject({ kind: "alert" });
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toContain("broken.dcm");
    expect(isBusy(state())).toBe(false);
  });

  it("can be undone: the case before is back", async () => {
    await open();
    await explorer.actions.openFiles([disc("slice.png", 9, false)]);
    explorer.actions.undo();
    expect(state().intent.caseId).toBe("example:one");
    await until(() => !isBusy(state()));
  });
});

describe("the export", () => {
  it("holds the masks that the strip shows, in the size of the slice", async () => {
    await open();
    const { name, bytes } = await explorer.actions.exportView(FIRST_WISH, Uint8Array.of(1), CREATED);
    expect(name).toBe("graderspace.zip");
    const files = unzipSync(bytes);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(["sample-001.png", "maps.npz", "samples.csv", "session.json", "figure.png"]),
    );
    const areas = sampleAreas(state()).map((_, n) => {
      const mask = decode(files[`sample-${String(n + 1).padStart(3, "0")}.png`] as Uint8Array);
      expect([mask.width, mask.height]).toEqual([200, 180]);
      return [...mask.data].filter((value) => value === 255).length;
    });
    expect(areas).toEqual(sampleAreas(state()));
  });

  it("is one file alone where one is asked for", async () => {
    await open();
    const wish = { ...FIRST_WISH, formats: [], maps: false, figures: false, session: false, figure: false };
    const { name, bytes } = await explorer.actions.exportView(wish, null, CREATED);
    expect(name).toBe("samples.csv");
    expect(strFromU8(bytes).split("\n")[0]).toMatch(/^sample,seed,z1,/);
  });

  it("holds the shown and the pinned samples alone, under their own numbers", async () => {
    await open();
    explorer.actions.togglePin(4);
    explorer.actions.chooseSample(9);
    await until(() => !isBusy(state()));
    const { bytes } = await explorer.actions.exportView({ ...FIRST_WISH, which: "chosen" }, null, CREATED);
    const masks = Object.keys(unzipSync(bytes)).filter((path) => path.startsWith("sample-"));
    expect(masks).toEqual(["sample-005.png", "sample-010.png"]);
  });
});

describe("session.json", () => {
  it("restores the view: z by hand, seed, layer, window, region", async () => {
    await open();
    const vector = Float32Array.of(0, 1, 0, 0, 0, 0);
    explorer.actions.setSeed(5);
    explorer.actions.moveTo([{ direction: { vector }, at: 1.25 }]);
    explorer.actions.setLayer("entropy");
    explorer.actions.setWindow([40, 400]);
    explorer.actions.setRegion(90, 80);
    await until(() => !isBusy(state()));
    const shown = areaPx(currentMask(state()) as NonNullable<ReturnType<typeof currentMask>>);
    const wish = { ...FIRST_WISH, formats: [], maps: false, table: false, figures: false, figure: false };
    const { name, bytes } = await explorer.actions.exportView(wish, null, CREATED);
    expect(name).toBe("session.json");
    explorer.dispose();

    await open();
    await explorer.actions.openFiles([fileOf(name, bytes)]);
    await until(() => !isBusy(state()));
    expect(state().intent).toMatchObject({ seed: 5, region: [90, 80] });
    expect(state().intent.view).toMatchObject({ layer: "entropy", window: [40, 400] });
    expect(sigmaOf(state())?.[1]).toBeCloseTo(1.25, 5);
    expect(areaPx(currentMask(state()) as NonNullable<ReturnType<typeof currentMask>>)).toBe(shown);
  });

  it("restores which sample was shown", async () => {
    await open();
    explorer.actions.chooseSample(6);
    await until(() => !isBusy(state()));
    const wish = { ...FIRST_WISH, formats: [], maps: false, table: false, figures: false, figure: false };
    const { bytes } = await explorer.actions.exportView(wish, null, CREATED);
    explorer.actions.priorMean();
    await explorer.actions.openFiles([fileOf("session.json", bytes)]);
    expect(state().intent.z.source).toEqual({ kind: "sample", index: 6 });
  });

  it("waits for its slice where that is not open, and then restores the view", async () => {
    await open();
    await explorer.actions.openFiles([disc("mine.png", 9, false)]);
    explorer.actions.setLayer("mean");
    explorer.actions.setLasso("redraw");
    explorer.actions.drawYou([80, 70, 100, 70, 100, 90, 80, 90]);
    const drawn = yourMask(state());
    await until(() => !isBusy(state()));
    const wish = { ...FIRST_WISH, formats: [], maps: false, table: false, figures: false, figure: false };
    const { bytes } = await explorer.actions.exportView(wish, null, CREATED);
    explorer.dispose();

    await open();
    await explorer.actions.openFiles([fileOf("session.json", bytes)]);
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toContain("160 × 150");
    expect(state().intent.view.layer).toBe("variance");
    await explorer.actions.openFiles([disc("mine.png", 9, false)]);
    expect(state().intent.view.layer).toBe("mean");
    expect(drawn && areaPx(drawn)).toBe(400);
    expect(yourMask(state())).toEqual(drawn);
    expect(state().awaited).toBeNull();
  });
});

describe("readers in the page", () => {
  it("leave with their marks, each with a file of their own, and come back by the session", async () => {
    await open();
    explorer.actions.setLasso("redraw");
    explorer.actions.drawYou([95, 85, 105, 85, 105, 95, 95, 95]);
    for (const [name, side] of [
      ["Anna", 6],
      ["Ben Ö.", 8],
    ] as const) {
      explorer.actions.addReader();
      explorer.actions.renameReader(drawingReader(state()).id, name);
      explorer.actions.setLasso("redraw");
      explorer.actions.drawYou([95, 85, 95 + side, 85, 95 + side, 85 + side, 95, 85 + side]);
    }
    explorer.actions.showReader(drawingReader(state()).id, false); // hidden, and yet not left out
    const wish = { ...FIRST_WISH, formats: ["png", "nifti", "nrrd"] as const };
    const files = unzipSync((await explorer.actions.exportView(wish, null, CREATED)).bytes);
    const named = Object.keys(files).filter((path) => path.startsWith("reader-"));
    expect(named.sort()).toEqual([
      "reader-1-You.nii.gz",
      "reader-1-You.png",
      "reader-2-Anna.nii.gz",
      "reader-2-Anna.png",
      "reader-3-Ben-Ö.nii.gz",
      "reader-3-Ben-Ö.png",
    ]);
    const picture = decode(files["reader-2-Anna.png"] as Uint8Array);
    expect(picture.data.filter((value) => value === 255)).toHaveLength(36);
    for (const name of ["You", "Anna", "Ben Ö."])
      expect(new TextDecoder().decode(files["samples.seg.nrrd"])).toContain(`Name:=${name}\n`);
    const before = state();
    explorer.dispose();

    await open();
    explorer.actions.addReader();
    explorer.actions.renameReader(drawingReader(state()).id, "anna"); // the same person
    await explorer.actions.openFiles([fileOf("session.json", files["session.json"] as Uint8Array)]);
    const plain = ({ readers }: typeof before) => readers.map(({ name, slot, hidden }) => [name, slot, hidden]);
    expect(plain(state())).toEqual([["You", 4, false], ["anna", 5, false], plain(before)[2]]);
    const areas = [...state().drawings.values()].map((mine) => [...mine.values()].map(areaPx));
    expect(areas).toEqual([[100], [36], [64]]);
    explorer.actions.undo();
    expect(state().drawings.size).toBe(0);
  });
});

describe("a link about an own file", () => {
  it("gives the view back once the file is open, and holds no name", async () => {
    await open();
    await explorer.actions.openFiles([disc("patient-name.png", 9, false)]);
    explorer.actions.setLayer("mean");
    await until(() => !isBusy(state()));
    const hash = explorer.hash();
    expect(hash).not.toContain("patient");
    expect(hash).toMatch(/^own=[0-9a-f]{8}&/);
    explorer.dispose();

    await open(`#${hash}`);
    expect(state().awaited).not.toBeNull();
    await explorer.actions.openFiles([disc("other-name.png", 9, false)]);
    expect(state().intent.view.layer).toBe("mean");
  });
});
