import { describe, expect, it } from "vitest";
import type { Encoding, HeadWeights } from "../../../src/core/network/encoding.ts";
import { PlainDecoder } from "../../../src/core/network/plain-decoder.ts";

const head: HeadWeights = { latent: 1, channels: 1, comb: null, fieldSpacings: [], fieldScale: 1.5 };
const encoding: Encoding = {
  width: 2,
  height: 1,
  channels: 1,
  base: Float32Array.of(0, 0),
  factor: Float32Array.of(1, 0),
  prior: { mean: new Float32Array(1), logSigma: new Float32Array(1) },
};
const log3 = Float32Array.of(Math.log(3));
const minusLog3 = Float32Array.of(-Math.log(3));

describe("the plain decoder", () => {
  it("gives P per draw, and statistics over the draws, as wanted", async () => {
    const decoder = new PlainDecoder(head);
    decoder.open(encoding);
    // σ(± log 3) = ¾ and ¼ where the factor is 1; ½ where it is 0
    const { samples, statistics } = await decoder.decode([{ z: log3 }, { z: minusLog3 }], {
      samples: true,
      statistics: true,
    });
    expect(Array.from(samples!.probabilities, (p) => p.toFixed(6))).toEqual([
      "0.750000",
      "0.500000",
      "0.250000",
      "0.500000",
    ]);
    expect(statistics!.variance[0]).toBeCloseTo(0.0625, 7);
    expect(await decoder.decode([{ z: log3 }], { statistics: true })).not.toHaveProperty("samples");
    expect(await decoder.decode([{ z: log3 }], { samples: true })).not.toHaveProperty("statistics");
  });

  it("says so when it has no encoding, before the first and after disposal", async () => {
    const decoder = new PlainDecoder(head);
    await expect(decoder.decode([], {})).rejects.toMatchObject({ tag: "BadArgument" });
    decoder.open(encoding);
    decoder.dispose();
    await expect(decoder.decode([], {})).rejects.toMatchObject({ tag: "BadArgument" });
  });

  it("stops between draws when it is aborted, and reports how far it is", async () => {
    const decoder = new PlainDecoder(head);
    decoder.open(encoding);
    const seen: number[] = [];
    const abort = new AbortController();
    const onProgress = (fraction: number) => {
      seen.push(fraction);
      if (fraction === 0.5) abort.abort();
    };
    const draws = [1, 2, 3, 4].map((value) => ({ z: Float32Array.of(value) }));
    const run = decoder.decode(draws, { samples: true }, { signal: abort.signal, onProgress });
    await expect(run).rejects.toMatchObject({ tag: "Aborted" });
    expect(seen).toEqual([0.25, 0.5]);
  });
});
