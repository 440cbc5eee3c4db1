import { describe, expect, it } from "vitest";
import { pausing } from "../../src/engine/calls/next-turn.ts";
import { samplesByPass } from "../../src/model/passes.ts";

const busy = (milliseconds: number) => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

describe("samplesByPass", () => {
  it("turns the logits of each pass into probabilities, one sample after the other", async () => {
    // sigmoid(0) = .5, sigmoid(±∞) = 1 and 0
    const logits = [new Float32Array(4), Float32Array.of(Infinity, -Infinity, Infinity, -Infinity)];
    const { samples } = await samplesByPass(2, 2, { samples: true }, undefined, async (n) => logits[n]!);
    expect(samples).toEqual({
      count: 2,
      width: 2,
      height: 2,
      probabilities: Float32Array.of(0.5, 0.5, 0.5, 0.5, 1, 0, 1, 0),
    });
  });

  it("hears between two long passes that it is no longer wanted", async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 0); // a message: heard only where the thread listens
    let passes = 0;
    const run = samplesByPass(50, 1, { samples: true }, { signal: abort.signal, pause: pausing() }, async () => {
      busy(15);
      passes++;
      return new Float32Array(1);
    });
    await expect(run).rejects.toMatchObject({ tag: "Aborted" });
    expect(passes).toBeLessThan(5);
  });
});
