import { describe, expect, it } from "vitest";
import type { ModelConfig } from "../../../src/core/config/model-config.ts";
import { GraderspaceError } from "../../../src/core/errors.ts";
import type { Decoder, Encoding } from "../../../src/core/network/encoding.ts";
import type { Model, Prepared } from "../../../src/core/network/model.ts";
import { withDecoder } from "../../../src/core/network/with-decoder.ts";

const Z = { kind: "z", draws: [] } as const;

function prepared(base: number): Prepared {
  const prior = { mean: new Float32Array(1), logSigma: new Float32Array(1) };
  const encoding = { width: 1, height: 1, channels: 1, base: Float32Array.of(base), prior };
  return { crop: { size: 1, origin: [0, 0], values: new Float32Array(1), constant: false }, prior, encoding };
}

/** A decoder that notes what it is asked, and fails where the test says so. */
function scene(errors: (GraderspaceError | null)[] = []) {
  const log: string[] = [];
  const held = new Map<number, number>();
  const decoder: Decoder = {
    kind: "plain",
    open: ({ base }: Encoding) => void log.push(`open ${base[0]}`),
    decode: async () => {
      const error = errors.shift();
      if (error) throw error;
      log.push("decode");
      return {};
    },
    decodeEach: async (parts) => {
      log.push(`each ${parts.map(({ name, encoding }) => `${name}${encoding ? "!" : ""}`).join(" ")}`);
      for (const { name, encoding } of parts) if (encoding) held.set(name, encoding.base[0] as number);
      return parts.map(({ name, draw }) => {
        const base = held.get(name);
        return base === undefined ? null : Float32Array.of(base + (draw.z[0] as number));
      });
    },
    forget: () => held.clear(),
    dispose: () => void log.push("dispose decoder"),
  };
  const config = { name: "made up", choice: "z" } as ModelConfig;
  const heavy = { config, dispose: () => void log.push("dispose model") } as unknown as Model;
  return { log, held, model: withDecoder(heavy, decoder) };
}

describe("a model with a decoder", () => {
  it("opens the decoder again only where the encoding is another one", async () => {
    const { model, log } = scene();
    const [one, two] = [prepared(1), prepared(2)];
    for (const which of [one, one, two, one]) await model.draw(which, Z, {});
    expect(log.filter((line) => line.startsWith("open"))).toEqual(["open 1", "open 2", "open 1"]);
  });

  it("opens it again after a decode that failed, but not after one that was aborted", async () => {
    const failure = new GraderspaceError("OutOfMemory", { problem: "no" });
    const aborted = new GraderspaceError("Aborted", { problem: "no" });
    const { model, log } = scene([failure, aborted]);
    const one = prepared(1);
    await expect(model.draw(one, Z, {})).rejects.toBe(failure);
    await expect(model.draw(one, Z, {})).rejects.toBe(aborted);
    await model.draw(one, Z, {});
    expect(log).toEqual(["open 1", "open 1", "decode"]);
  });

  it("refuses choices of another kind", async () => {
    const refused = scene().model.draw(prepared(1), { kind: "head", indices: [0] }, {});
    await expect(refused).rejects.toThrow("Made up draws by z, not by head.");
  });

  it("gives each picture once, four at a time, and again where the decoder lost it", async () => {
    const { model, log, held } = scene();
    const six = [1, 2, 3, 4, 5, 6].map(prepared);
    const at = (z: number) => six.map(() => ({ z: Float32Array.of(z) }));
    expect((await model.drawEach?.(six, at(10)))?.map(([p]) => p)).toEqual([11, 12, 13, 14, 15, 16]);
    expect(log.splice(0)).toEqual(["each 0! 1! 2! 3!", "each 4! 5!"]);
    await model.drawEach?.(six, at(20));
    expect(log.splice(0)).toEqual(["each 0 1 2 3 4 5"]); // one message
    held.delete(3);
    expect((await model.drawEach?.(six, at(30)))?.map(([p]) => p)).toEqual([31, 32, 33, 34, 35, 36]);
    expect(log.splice(0)).toEqual(["each 0 1 2 3 4 5", "each 3!"]);
    const [first] = six as [Prepared];
    await model.drawEach?.([first, prepared(7)], at(0));
    expect(log.splice(0)).toEqual(["each 0", "each 6!"]);
    model.forget?.();
    expect(held.size).toBe(0);
  });

  it("draws on no crop that has no encoding", async () => {
    const none = scene().model.drawEach?.([{ ...prepared(1), encoding: null }], [{ z: Float32Array.of(0) }]);
    await expect(none).rejects.toMatchObject({ tag: "BadArgument" });
  });

  it("takes its decoder with it", () => {
    const { model, log } = scene();
    model.dispose();
    expect(log).toEqual(["dispose decoder", "dispose model"]);
  });
});
