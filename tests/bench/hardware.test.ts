import { describe, expect, it } from "vitest";
import { isSoftware } from "../../src/engine/backends/adapter.ts";
import { dawn } from "../support/dawn.ts";
import { ALL_ON_ALL_BACKENDS, modelFiles, tinyModels } from "../support/golden.ts";
import { benchHardware } from "./hardware.ts";

const gpu = await dawn();
const adapter = (await gpu?.requestAdapter()) ?? null;
const [folder] = tinyModels().filter((name) => name.endsWith("tiny-prob-unet"));
const { config, weights } = modelFiles(folder as string);
const tiny = { folder: folder as string, config, weights: weights[0] as Uint8Array };

// On a software driver nearly all of its time is the compiling of shaders.
const slow = adapter !== null && isSoftware(adapter) && !ALL_ON_ALL_BACKENDS;

describe.skipIf(gpu === null)("the bench of the machine's own GPU", () => {
  it.skipIf(slow)("times encode, decode and statistics, and the naive path beside them", async () => {
    const { rows, ratios } = await benchHardware([tiny], 1, { size: 32, warmUps: 0, software: true });
    expect(rows.map(({ what, count }) => `${what} ${count}`)).toEqual([
      "encode 0",
      "decode 1",
      "decode + statistics 16",
      "decode + statistics 100",
      "decode + statistics 100",
      "z through slices 24",
    ]);
    for (const { milliseconds, note } of rows) {
      expect(milliseconds).toBeGreaterThan(0);
      expect(note).toContain(config.name);
    }
    expect(ratios[`hardware.through/singles ${config.name}`]).toMatchObject({ atMost: 1.2 });
    expect(ratios["hardware.decode16/naive"]?.value).toBeGreaterThan(0);
  });

  it.skipIf(adapter !== null && !isSoftware(adapter))("says why there are no times on a software driver", async () => {
    await expect(benchHardware([tiny], 1)).rejects.toThrow(/the only graphics adapter is software/);
  });
});
