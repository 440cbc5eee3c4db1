import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_TRAINING } from "../../../src/core/training/settings.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { createRemoteTraining } from "../../../src/engine/train/remote-training.ts";
import { serveTraining } from "../../../src/engine/train/serve-training.ts";
import { Training } from "../../../src/model/train/training.ts";

const { port1, port2 } = new MessageChannel();
serveTraining(port2, () => tfjsBackends({ forced: "wasm" }));
let closed = 0;
const remote = createRemoteTraining(port1, {}, () => closed++);
afterAll(() => {
  port1.close();
  port2.close();
});

const TINY = { ...DEFAULT_TRAINING, width: 4, axes: 2, batch: 2, steps: 4 };

describe("a training over a port", () => {
  it("says what is the matter where none was started", async () => {
    await expect(remote.advance()).rejects.toThrow("No training was started");
  });

  it("starts, steps, looks and gives its model as one in this thread does", async () => {
    const { backend, weights, cases } = await remote.start(TINY);
    expect(backend).toContain("wasm: SIMD");
    const here = new Training(TINY);
    expect(weights).toBe(here.network.layout.length);
    expect(cases).toEqual(here.heldOut.slice(0, 2));
    expect(await remote.advance()).toEqual(await here.advance());
    const look = await here.look(2);
    expect((await remote.look()).figures).toEqual(look.figures);
    const { samples, planes } = await remote.peek();
    expect(planes.map(({ length }) => length)).toEqual([25 * 1024, 25 * 1024]);
    const worst = Math.max(
      ...samples.flatMap((one, i) => Array.from(one, (p, at) => Math.abs(p - (look.samples[i]?.[at] ?? 2)))),
    );
    expect(worst).toBeLessThan(1e-5); // two cases alone, or among 32
    const { config, weights: file } = await remote.model("own");
    expect(config).toMatchObject({ name: "own", family: "prob-unet", training: { steps: 1 } });
    expect(file.length).toBe(config.weights[0]?.bytes);
  });

  it("begins anew at another start", async () => {
    await remote.start(TINY);
    const first = await remote.advance();
    await remote.start(TINY);
    expect(await remote.advance()).toEqual(first);
  });

  it("goes back to a step that was looked at, and on from there as before", async () => {
    await remote.start(TINY);
    await remote.advance();
    await remote.look();
    const second = await remote.advance();
    await remote.back(1);
    expect(await remote.advance()).toEqual(second);
    await expect(remote.back(2)).rejects.toThrow("Step 2 was not looked at");
  });

  it("is closed for good", async () => {
    remote.dispose();
    expect(closed).toBe(1);
    await expect(remote.advance()).rejects.toThrow("The training was closed");
  });
});
