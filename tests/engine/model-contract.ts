import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Decoded, Draw } from "../../src/core/network/encoding.ts";
import type { Model, ModelFiles, Prepared } from "../../src/core/network/model.ts";
import { type Choices, chooseSamples } from "../../src/core/random/choices.ts";
import type { Crop } from "../../src/core/values/region.ts";
import { golden, goldenCrop, relativeError, testedFiles } from "../support/golden.ts";

const FAMILIES = ["prob-unet", "general", "linear", "dropout-unet", "unet-ensemble", "m-heads", "image2image-vae"];
const SIZE = { width: 64, height: 64 };
const ALL = { samples: true, statistics: true } as const;

/** A crop that has nothing of the golden one: it upside down and inverted. */
function otherCrop({ values, ...crop }: Crop): Crop {
  return { ...crop, values: Float32Array.from(values, (_, i) => 1 - (values[values.length - 1 - i] as number)) };
}

function draw(model: Model, prepared: Prepared): Promise<Decoded> {
  const choices = chooseSamples(model, prepared.prior, SIZE, { seed: 3, count: 2 });
  return model.draw(prepared, choices, ALL);
}

/** What every model does, of any family and wherever it runs. `open` loads one of them, and the last test another. */
export function modelContract(name: string, open: (files: ModelFiles) => Promise<Model>): void {
  describe.each(FAMILIES)(`${name} keeps the contract, the %s:`, (family) => {
    const folder = `tests/golden/tiny-${family}`;
    const files = testedFiles(folder);
    const crop = goldenCrop(folder);
    let model: Model;
    beforeAll(async () => {
      model = await open(files);
    });
    afterAll(() => model.dispose());

    test("it says what it can do, and has what that takes", async () => {
      expect(model.config).toEqual(files.config);
      expect(model.choice).toBe(files.config.choice);
      expect(model.head !== null).toBe(model.choice === "z");
      expect(model.posteriors !== undefined).toBe(model.choice === "z");
      const { prior, encoding } = await model.prepare(crop);
      expect(prior !== null).toBe(model.choice === "z");
      expect(encoding !== null).toBe(model.decode !== null);
    });

    test("what it prepared stays drawable: A, then B, then A again", async () => {
      const a = await model.prepare(crop);
      const first = await draw(model, a);
      const b = await model.prepare(otherCrop(crop));
      const second = await draw(model, b);
      expect(await draw(model, a)).toEqual(first);
      expect(await draw(model, b)).toEqual(second);
      expect(relativeError(second.samples?.probabilities ?? [], first.samples?.probabilities ?? [])).toBeGreaterThan(
        0.01,
      );
    });

    test("one draw on each of what it prepared is what that draw is alone: of A and B, then of B and A", async () => {
      if (!model.drawEach) return;
      const [a, b] = [await model.prepare(crop), await model.prepare(otherCrop(crop))];
      const alone = async (prepared: Prepared, draw: Draw) =>
        (await model.draw(prepared, { kind: "z", draws: [draw] }, { samples: true })).samples?.probabilities;
      const draws = [0.5, -1].map((at) => ({ z: new Float32Array(model.head?.latent ?? 0).fill(at) }));
      const [one, other] = draws as [Draw, Draw];
      for (const [first, second] of [
        [a, b],
        [b, a],
      ] as const) {
        const found = await model.drawEach([first, second], draws);
        expect(relativeError(found[0] ?? [], (await alone(first, one)) ?? [])).toBeLessThan(1e-5);
        expect(relativeError(found[1] ?? [], (await alone(second, other)) ?? [])).toBeLessThan(1e-5);
      }
      model.forget?.();
      expect(await model.drawEach([a], [one])).toEqual([await alone(a, one)]);
    });

    test("posteriors are of the crop they are asked of, whatever was prepared since", async () => {
      if (!model.posteriors) return;
      const reference = golden(folder);
      const mask = { ...SIZE, bits: Uint8Array.from(reference.values("mask")) };
      const a = await model.prepare(crop);
      const b = await model.prepare(otherCrop(crop));
      const [ofB] = await model.posteriors(b, [mask]);
      const [ofA, again] = await model.posteriors(a, [mask, mask]);
      expect(relativeError(again?.mean ?? [], ofA?.mean ?? [])).toBeLessThan(1e-6);
      expect(ofA).not.toEqual(ofB);
      if (!reference.has("posterior_mean")) return;
      expect(relativeError(ofA?.mean ?? [], reference.values("posterior_mean"))).toBeLessThan(1e-3);
      expect(relativeError(ofA?.logSigma ?? [], reference.values("posterior_log_sigma"))).toBeLessThan(1e-3);
    });

    test("what it looks at inside is of the crop, and ends in its encoding's base", async () => {
      expect(model.lookInside !== undefined).toBe(model.decode !== null);
      if (!model.lookInside) return;
      const a = await model.prepare(crop);
      const b = await model.prepare(otherCrop(crop));
      for (const { crop: looked, encoding } of [a, b]) {
        const { base, down, up } = await model.lookInside({ crop: looked });
        expect([down.length, up.length]).toEqual([
          files.config.architecture.channels.length,
          files.config.architecture.channels.length - 1,
        ]);
        const [first] = base.shown; // 64 × 64: not averaged
        const wanted = Array.from(first?.values ?? [], (_, i) => {
          return encoding?.base[i * base.channels + (first?.channel ?? 0)] as number;
        });
        expect(relativeError(first?.values ?? [], wanted)).toBeLessThan(1e-5);
      }
      const stop = new AbortController();
      stop.abort();
      await expect(model.lookInside(a, { signal: stop.signal })).rejects.toMatchObject({ tag: "Aborted" });
    });

    test("it reports progress up to 1", async () => {
      const seen: number[] = [];
      await model.prepare(crop, { onProgress: (fraction) => seen.push(fraction) });
      expect(seen.at(-1)).toBe(1);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
    });

    test("an aborted run ends as Aborted, and the next one is not disturbed", async () => {
      const stop = new AbortController();
      stop.abort();
      const prepared = await model.prepare(crop);
      await expect(model.prepare(crop, { signal: stop.signal })).rejects.toMatchObject({ tag: "Aborted" });
      const choices = chooseSamples(model, prepared.prior, SIZE, { seed: 3, count: 2 });
      const run = model.draw(prepared, choices, ALL, { signal: stop.signal });
      await expect(run).rejects.toMatchObject({ tag: "Aborted" });
      expect((await draw(model, prepared)).samples?.count).toBe(2);
    });

    test("errors keep their tag and their sentence", async () => {
      const odd = { ...crop, size: 5, values: new Float32Array(25) };
      await expect(model.prepare(odd)).rejects.toThrow(/5×5 with a side divisible by/);
      const prepared = await model.prepare(crop);
      const wrong: Choices = model.choice === "seed" ? { kind: "head", indices: [0] } : { kind: "seed", seeds: [0] };
      await expect(model.draw(prepared, wrong, ALL)).rejects.toMatchObject({ tag: "BadArgument" });
    });

    test("damaged weights are refused by the name of their file", async () => {
      const damaged = files.weights.map((bytes) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)));
      const { golden: _, ...plain } = files;
      const refused = open({ ...plain, weights: damaged });
      await expect(refused).rejects.toMatchObject({ tag: "ModelHashDiffers" });
      await expect(refused).rejects.toThrow(/\.safetensors/);
    });
  });
}
