import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectedPart } from "../../../src/core/lesion/connected.ts";
import { HELD_BYTES } from "../../../src/core/network/held.ts";
import type { Model, Prepared } from "../../../src/core/network/model.ts";
import type { Crop } from "../../../src/core/values/region.ts";
import { areaPx, type Mask } from "../../../src/core/values/slice.ts";
import { maskOf } from "../../../src/core/values/threshold.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import type { State } from "../../../src/state/app/shape.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { slidersOf } from "../../../src/state/explore/latent/directions.ts";
import { readerAreas, readerSize } from "../../../src/state/lesion/figures.ts";
import { lesionOnScreen } from "../../../src/state/lesion/keys.ts";
import { readerKey, readerOnScreen, readerSlices, whyNoReader } from "../../../src/state/lesion/reader-keys.ts";
import { ballSeries } from "../../support/ball-series.ts";
import { FAKE_HEAD, FakeDecoder, fakeEncoding } from "../../support/fake-engine.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../support/fake-ports.ts";
import { turns, until } from "../../support/until.ts";

let ports: FakePorts;
let explorer: Explorer;
const state = () => explorer.store.getState();
const isThere = () => readerKey(state()) !== null && state().lesionReader?.key === readerKey(state());

/** A prior of its own for each crop: its mean along z2 is the crop's mean value, its σ a half. */
function priorOf({ values }: Crop): Prepared["prior"] {
  const mean = new Float32Array(6);
  mean[1] = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, logSigma: new Float32Array(6).fill(Math.log(0.5)) };
}

/** And an encoding of its own, as of a real model: the fake's slices above and below the ball's middle share theirs. */
function withPriors(model: Model): Model {
  if (!model.decode) return model;
  return {
    ...model,
    prepare: async (crop, task) => {
      const prepared = await model.prepare(crop, task);
      return { ...prepared, prior: priorOf(crop), encoding: prepared.encoding && { ...prepared.encoding } };
    },
  };
}

beforeEach(async () => {
  const made = fakePorts(async () => new Uint8Array());
  ports = {
    ...made,
    engine: async () => {
      const engine = await made.engine();
      return { ...engine, load: async (files, task) => withPriors(await engine.load(files, task)) };
    },
  };
  explorer = createExplorer(ports, fakeLibrary());
  await explorer.actions.openFiles([ballSeries()]);
  explorer.actions.setRegion(70, 60);
  await until(() => !isBusy(state()));
});
afterEach(() => explorer.dispose());

async function follow(): Promise<void> {
  explorer.actions.show("lesion");
  await until(isThere);
}

async function move(at: number): Promise<void> {
  const axis = slidersOf(state()).find(({ name }) => name === "z2");
  if (axis) explorer.actions.moveTo([{ direction: axis, at }], "z2");
}

describe("the reader at z through the slices", () => {
  it("is what one z, in σ of each slice's own prior and without fields, shows on every slice: what hangs together", async () => {
    await follow();
    await move(1.5);
    await until(isThere);
    const { found, slices } = lesionOnScreen(state()) ?? { slices: [] };
    const { first = 0, last = 0 } = found?.grown ?? {};
    const plain = new FakeDecoder(FAKE_HEAD);
    const marked: Mask[] = [];
    for (const { crop } of slices.slice(first, last + 1)) {
      const z = priorOf(crop)?.mean.slice() ?? new Float32Array(6);
      z[1] = (z[1] as number) + 0.5 * 1.5;
      plain.open(fakeEncoding(crop));
      const { samples } = await plain.decode([{ z }], { samples: true });
      marked.push(maskOf(samples?.probabilities ?? new Float32Array(0), crop.size, crop.size, 0.5));
    }
    const inside = 60 * 128 + 64; // the ball's middle in the region
    const part = connectedPart(marked, { slice: 4 - first, pixels: [inside] });
    const masks = readerOnScreen(state())?.masks;
    expect([...(masks?.keys() ?? [])].sort((a, b) => a - b)).toEqual(part.map((_, s) => first + s));
    for (const [s, { bits }] of part.entries()) {
      expect(bits.every((bit, at) => bit === masks?.get(first + s)?.bits[at])).toBe(true);
    }
    expect(areaPx(part[4 - first] as Mask)).toBeGreaterThan(50);
    // its line in the chart, and its row in the table
    expect(readerAreas(state())?.get(4)).toBeCloseTo(0.49 * areaPx(part[4 - first] as Mask), 6);
    const pixels = part.reduce((sum, mask) => sum + areaPx(mask), 0);
    expect(readerSize(state())?.volumeMm3).toBeCloseTo(pixels * 0.49 * 2.5, 4);
  });

  it("asks once for all slices at each z, and looks at none of them twice", async () => {
    const before = ports.fake.calls.encode;
    await follow();
    const { encode } = ports.fake.calls;
    expect(encode - before).toBe(lesionOnScreen(state())?.slices.length); // for the lesion itself
    const slices = readerSlices(state());
    expect(slices[0]).toBe(4); // the box's first
    ports.decoder.asked.length = 0;
    await move(1);
    await until(isThere);
    await move(2);
    await until(isThere);
    expect(ports.decoder.asked.map((names) => names.length)).toEqual([slices.length, slices.length]);
    expect(ports.decoder.asked[0]).toEqual(ports.decoder.asked[1]);
    expect(ports.fake.calls.encode).toBe(encode);
    const moved = readerOnScreen(state());
    explorer.actions.undo(); // one gesture
    await until(isThere);
    expect(readerOnScreen(state())).not.toBe(moved);
  });

  it("shows the last z, and no queue of those between builds up", async () => {
    await follow();
    ports.decoder.asked.length = 0;
    ports.decoder.hold = true;
    for (const at of [0.5, 1, 1.5, 2, 2.5]) {
      await move(at);
      await turns(3);
    }
    const shown = readerOnScreen(state());
    expect(shown).not.toBeNull(); // of the z before, meanwhile
    ports.decoder.release();
    await until(isThere);
    expect(ports.decoder.asked.length).toBeLessThanOrEqual(2);
    expect(readerOnScreen(state())).not.toBe(shown);
  });

  it("is not shown for another lesion: not the old one's, nor one that comes late", async () => {
    await follow();
    ports.decoder.hold = true;
    await move(1);
    await until(() => ports.decoder.held.length > 0);
    explorer.actions.setSeed(5);
    expect(readerOnScreen(state())).toBeNull();
    const heard: (string | undefined)[] = [];
    const stop = explorer.store.subscribe((now) => heard.push(now.lesionReader?.value.lesion));
    ports.decoder.release();
    await until(isThere);
    stop();
    const lesions = new Set(heard.filter((lesion) => lesion !== undefined));
    expect([...lesions]).toEqual([state().lesionReader?.value.lesion]);
  });

  it("keeps nothing once the place is left, here and with the decoder; come back to, it looks at the slices again", async () => {
    await follow();
    const slices = readerSlices(state()).length;
    expect(ports.decoder.pictures.size).toBe(slices);
    explorer.actions.show("explorer");
    expect(ports.decoder.pictures.size).toBe(0);
    const { encode } = ports.fake.calls;
    explorer.actions.show("lesion");
    expect(isThere()).toBe(true); // what it shows is kept
    await until(() => state().jobs.reader === undefined && ports.fake.calls.encode === encode + slices);
    await move(-1);
    await until(isThere);
    expect(ports.decoder.pictures.size).toBe(slices);
  });

  it("leaves nothing with the decoder either where the place is left while a z is on its way", async () => {
    await follow();
    ports.decoder.hold = true;
    await move(1);
    await until(() => ports.decoder.held.length > 0); // the explorer's own, behind which this one waits
    await turns(5);
    explorer.actions.show("explorer");
    ports.decoder.release();
    await until(isThere); // what was asked for is shown when it is come back to
    expect(ports.decoder.pictures.size).toBe(0);
  });

  it("is told to the person where it fails, and tried again when asked", async () => {
    await follow();
    const { decodeEach } = ports.decoder;
    let asked = 0;
    ports.decoder.decodeEach = async () => {
      asked++;
      throw new Error("the decoder broke");
    };
    await move(1);
    await until(() => state().notices.some(({ kind }) => kind === "alert"));
    await turns(20);
    expect(asked).toBe(1);
    ports.decoder.decodeEach = decodeEach;
    explorer.actions.retry();
    await until(isThere);
  });

  it("is drawn on as many slices as are kept, those next to the box's, and then has no size", async () => {
    await follow();
    const { encoded, lesionReader } = state();
    const base = { byteLength: HELD_BYTES / 3 } as Float32Array;
    const { factor: _, ...plain } = encoded?.value.encoding ?? fakeEncoding({} as Crop);
    const large = { ...plain, base };
    const few = { ...state(), encoded: { key: encoded?.key, value: { ...encoded?.value, encoding: large } } } as State;
    expect(readerSlices(few)).toEqual([4, 3, 5]);
    const masks = new Map([...(lesionReader?.value.masks ?? [])].filter(([slice]) => slice > 3));
    const part = { ...state(), lesionReader: { ...lesionReader, value: { ...lesionReader?.value, masks } } } as State;
    expect(readerSize(part)).toBeNull();
  });

  it("is not there where every sample is a pass, and the reason is said", async () => {
    expect(whyNoReader(state())).toBeNull();
    explorer.actions.setCount(2);
    for (const [family, reason] of [
      ["image2image-vae", "z enters at its first layer"],
      ["m-heads", "has no z"],
    ] as const) {
      explorer.actions.setModel(`fake-${family}`);
      await until(() => !isBusy(state()));
      expect(whyNoReader(state())).toContain(reason);
    }
    explorer.actions.show("lesion");
    await until(() => lesionOnScreen(state())?.found != null);
    await turns(20);
    expect(readerKey(state())).toBeNull();
    expect(state().lesionReader).toBeNull();
  });
});
