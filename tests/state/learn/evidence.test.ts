import { afterEach, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import type { Encoding, Gaussian, HeadWeights } from "../../../src/core/network/encoding.ts";
import type { Prepared } from "../../../src/core/network/model.ts";
import { PlainDecoder } from "../../../src/core/network/plain-decoder.ts";
import { klDivergence } from "../../../src/core/random/gaussian.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { surprises } from "../../../src/state/explore/figures.ts";
import { posteriorOf } from "../../../src/state/explore/keys.ts";
import { priorOf } from "../../../src/state/explore/latent/z.ts";
import { regionGraders } from "../../../src/state/explore/masks.ts";
import { graderToShow, posteriorFailed, redrawnOf, surpriseOf } from "../../../src/state/learn/evidence.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../support/fake-ports.ts";
import { portsWithModel } from "../../support/ports-with-model.ts";
import { until } from "../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();
const none = async () => new Uint8Array();

async function open(ports: FakePorts, hash = "", library = fakeLibrary()): Promise<void> {
  explorer = createExplorer(ports, library, hash);
  await until(() => !isBusy(state()) && Object.keys(state().posteriors).length === 2);
}

afterEach(() => explorer.dispose());

it("the first grader who drew is shown, or the one that was asked for while there is one", async () => {
  await open(fakePorts(none));
  expect(regionGraders(state()).map(({ areaPx }) => areaPx > 0)).toEqual([true, false]);
  expect(graderToShow(state(), null)?.key).toBe(0);
  expect(graderToShow(state(), 1)?.key).toBe(1);
  expect(graderToShow(state(), "r7")?.key).toBe(0);
});

it("the KL shown is that of the figures, and its bars add up to it", async () => {
  await open(fakePorts(none));
  for (const [index, { key }] of regionGraders(state()).entries()) {
    const found = surpriseOf(state(), key);
    expect(found).toBe(surprises(state())[index]);
    const sum = Array.from(found?.perAxis ?? []).reduce((total, nats) => total + nats, 0);
    expect(sum).toBeCloseTo(found?.total as number, 4);
  }
  expect(surpriseOf(state(), "r7")).toBeNull();
});

// The paper's model: its logits at μ of Q by the decoder, and −Σ y log p + (1 − y) log(1 − p) pixel by pixel.
it("the cross entropy is that of the mask under what is drawn at the middle of Q", async () => {
  const { ports, files } = await portsWithModel("models/lidc-prob-unet", none);
  await open(ports, `#model=${files.config.name}`, { ...fakeLibrary(), weights: async () => [...files.weights] });
  const { value } = state().encoded as { readonly value: Prepared };
  const [encoding, prior] = [value.encoding as Encoding, value.prior as Gaussian];
  const decoder = new PlainDecoder(state().model?.value.decode as HeadWeights);
  decoder.open(encoding);
  for (const grader of regionGraders(state())) {
    const posterior = posteriorOf(state(), grader.key) as NonNullable<ReturnType<typeof posteriorOf>>;
    const found = redrawnOf(state(), grader);
    const { samples } = await decoder.decode([{ z: posterior.mean }], { samples: true });
    let nats = 0;
    for (const [i, y] of grader.mask.bits.entries()) {
      const p = samples?.probabilities[i] as number;
      nats -= y === 1 ? Math.log(p) : Math.log(1 - p);
    }
    expect(found?.posterior).toBe(posterior);
    expect(Math.abs((found?.crossEntropy as number) - nats)).toBeLessThan(1e-3 * nats);
    expect(redrawnOf(state(), grader)).toBe(found);
    expect(surpriseOf(state(), grader.key)).toEqual({ ...klDivergence(posterior, prior), fields: null });
    expect(priorOf(state())).toBe(prior);
  }
});

it("where the model has local fields, those found beside z are under what is drawn at the middle of Q", async () => {
  const { ports, files } = await portsWithModel("models/lidc-energy-gate", none);
  await open(ports, `#model=${files.config.name}`, { ...fakeLibrary(), weights: async () => [...files.weights] });
  const { value } = state().encoded as { readonly value: Prepared };
  const decoder = new PlainDecoder(state().model?.value.decode as HeadWeights);
  decoder.open(value.encoding as Encoding);
  const grader = regionGraders(state())[0]!;
  const { mean, fields } = posteriorOf(state(), grader.key)!;
  const { samples } = await decoder.decode([{ z: mean, fields: fields?.mean }], { samples: true });
  const logits = redrawnOf(state(), grader)?.logits as Float32Array;
  expect(fields?.mean.some((grid) => grid.some((value) => Math.abs(value) > 0.01))).toBe(true);
  for (const [i, p] of samples!.probabilities.entries())
    expect(Math.abs(p - 1 / (1 + Math.exp(-logits[i]!)))).toBeLessThan(1e-5);
});

it("a posterior that could not be found is told of its own mask", async () => {
  const ports = fakePorts(none);
  ports.fake.fail.posterior = new GraderspaceError("OutOfMemory", { problem: "the memory is full" });
  explorer = createExplorer(ports, fakeLibrary());
  await until(() => state().failures.posterior !== undefined);
  const failed = regionGraders(state()).map(({ key }) => posteriorFailed(state(), key));
  expect(failed.filter(Boolean)).toHaveLength(1); // the last one that was tried
  expect(redrawnOf(state(), regionGraders(state())[0]!)).toBeNull();
});
