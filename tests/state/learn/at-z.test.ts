import { afterEach, expect, it } from "vitest";
import type { Draw, Encoding, HeadWeights } from "../../../src/core/network/encoding.ts";
import { logitsOf, sigmoid } from "../../../src/core/network/logits.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { currentDraw, sigmaOf } from "../../../src/state/explore/latent/z.ts";
import { currentOnScreen } from "../../../src/state/explore/shown.ts";
import { combAtZ, gateAtZ, headMaps, logitPartsAtZ, logitsOnScreen } from "../../../src/state/learn/at-z.ts";
import { insidesOnScreen } from "../../../src/state/learn/levels-on-screen.ts";
import { FAKE_GATED_CONFIG } from "../../support/fake-engine.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { portsWithModel } from "../../support/ports-with-model.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();
const encoding = () => state().encoded?.value.encoding as Encoding;
const head = () => state().model?.value.decode as HeadWeights;
const none = async () => new Uint8Array();
const still = () => until(() => !isBusy(state()) && insidesOnScreen(state()) !== null);

async function open(model: string, ports = fakePorts(none), library = fakeLibrary()): Promise<void> {
  explorer = createExplorer(ports, library, `#view=learn&model=${model}`);
  await still();
}

afterEach(() => explorer.dispose());

it("the steps of the sum end in what the decoder draws, fields and all", async () => {
  await open("fake-fields");
  explorer.actions.chooseSample(3);
  await still();
  const parts = logitPartsAtZ(state());
  const drawn = currentOnScreen(state()) as Float32Array;
  expect(parts?.fields?.some((value) => value !== 0)).toBe(true);
  expect(parts?.logits).toEqual(logitsOf(head(), encoding(), currentDraw(state()) as Draw));
  for (let i = 0; i < drawn.length; i += 37)
    expect(sigmoid(parts?.logits[i] as number)).toBeCloseTo(drawn[i] as number, 5);
});

it("everything moves with the page's z, and is made once for each", async () => {
  await open("fake");
  const before = logitPartsAtZ(state());
  expect(before?.factor?.every((value) => value === 0)).toBe(true); // z = 0
  expect(logitPartsAtZ(state())).toBe(before);
  explorer.actions.moveTo([{ direction: { vector: Float32Array.of(0, 1, 0, 0, 0, 0) }, at: 1.5 }]);
  const after = logitPartsAtZ(state());
  const second = headMaps(state())?.factor[1] as Float32Array;
  for (let i = 0; i < second.length; i += 53) expect(after?.factor?.[i]).toBeCloseTo(1.5 * (second[i] as number), 5);
  expect(sigmaOf(state())?.[1]).toBe(1.5);
});

it("the logits shown are those of the probabilities that the decoder gave", async () => {
  await open("fake");
  const [logits, p] = [logitsOnScreen(state()), currentOnScreen(state())];
  const wanted = logitsOf(head(), encoding(), { z: new Float32Array(6) });
  for (let i = 0; i < wanted.length; i += 29) {
    const clipped = Math.max(-16, Math.min(16, wanted[i] as number));
    expect(logits?.[i]).toBeCloseTo(clipped, 1);
    expect(sigmoid(logits?.[i] as number)).toBeCloseTo(p?.[i] as number, 5);
  }
});

it("the maps of a head lie apart, one for each axis and each field", async () => {
  await open("fake-fields");
  const maps = headMaps(state());
  expect(maps?.mean).toBe(encoding().base);
  expect([maps?.factor.length, maps?.amplitude.length, maps?.top]).toEqual([6, 1, null]);
  const at = 64 * 128 + 60;
  expect(maps?.factor.map((map) => map[at])).toEqual(
    Array.from({ length: 6 }, (_, l) => encoding().factor?.[at * 6 + l]),
  );
});

it("f_comb begins with the base and W_z·z, cut off at 0", async () => {
  const { ports, files } = await portsWithModel("models/lidc-prob-unet", none);
  await open(files.config.name, ports, { ...fakeLibrary(), weights: async () => [...files.weights] });
  explorer.actions.moveTo([{ direction: { vector: Float32Array.of(0, 1, 0, 0, 0, 0) }, at: -1 }]);
  await still();
  const found = combAtZ(state());
  const z = currentDraw(state())?.z as Float32Array;
  const { comb, channels } = head();
  const added = Array.from({ length: channels }, (_, c) => {
    return z.reduce((sum, value, l) => sum + value * (comb?.latent[l * channels + c] as number), 0);
  });
  expect(found?.added).toHaveLength(channels);
  for (const [c, value] of added.entries()) expect(found?.added[c]).toBeCloseTo(value, 5);
  expect(found?.active.map(({ channel }) => channel)).toEqual(
    insidesOnScreen(state())?.base.shown.map(({ channel }) => channel),
  );
  for (const { channel, values } of found?.active ?? []) {
    for (let i = 0; i < values.length; i += 101) {
      const wanted = Math.max(0, (encoding().base[i * channels + channel] as number) + (added[channel] as number));
      expect(values[i]).toBeCloseTo(wanted, 4);
    }
  }
  expect(gateAtZ(state())).toBeNull();
});

it("a gate is told by its probability, the u up to which nothing is drawn, and the u of what is shown", async () => {
  const ports = fakePorts(none);
  const models = [...ports.models, { name: "fake-gated", config: FAKE_GATED_CONFIG }];
  await open("fake-gated", { ...ports, models });
  explorer.actions.setPresence(1.5);
  // its presence logit is .5: p = 1 / (1 + e^−.5) = .62246, and nothing is drawn up to −Φ⁻¹(p) = −.3120
  expect(gateAtZ(state())?.u).toBe(1.5);
  expect(gateAtZ(state())?.probability).toBeCloseTo(0.62246, 5);
  expect(gateAtZ(state())?.edge).toBeCloseTo(-0.312, 3);
});
