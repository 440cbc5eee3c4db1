import { expect, it } from "vitest";
import { encodingBytes, HELD_BYTES, Held } from "../../../src/core/network/held.ts";

it("holds what fits, and gives up first what was used longest ago", () => {
  const gone: string[] = [];
  const held = new Held<string>(30, (value) => gone.push(value));
  for (const name of [1, 2, 3]) expect(held.put(name, 10, () => `picture ${name}`)).toBe(`picture ${name}`);
  expect(held.get(1)).toBe("picture 1"); // 2 is now the one used longest ago
  held.put(4, 10, () => "picture 4");
  expect(gone).toEqual(["picture 2"]);
  expect(held.get(2)).toBeNull();
  held.put(5, 20, () => `picture 5, after ${gone.join(" and ")}`); // room is made before it is
  expect(held.get(5)).toBe("picture 5, after picture 2 and picture 3 and picture 1");
  expect([held.get(1), held.get(3), held.get(4)]).toEqual([null, null, "picture 4"]);
});

it("holds one that is larger than the budget alone, and nothing once it is cleared", () => {
  const gone: string[] = [];
  const held = new Held<string>(30, (value) => gone.push(value));
  held.put(1, 10, () => "small");
  held.put(2, 40, () => "large");
  expect([held.get(1), held.get(2)]).toEqual([null, "large"]);
  held.clear();
  expect(gone).toEqual(["small", "large"]);
  held.put(3, 30, () => "whole budget"); // what was cleared counts no more
  expect([held.get(2), held.get(3)]).toEqual([null, "whole budget"]);
  held.put(4, 1, () => "a byte more");
  expect([held.get(3), held.get(4)]).toEqual([null, "a byte more"]);
});

it("holds one under each name, and counts it once", () => {
  const gone: string[] = [];
  const held = new Held<string>(30, (value) => gone.push(value));
  for (const turn of [1, 2, 3]) held.put(1, 10, () => `turn ${turn}`);
  expect(gone).toEqual(["turn 1", "turn 2"]);
  held.put(2, 20, () => "another");
  expect([held.get(1), held.get(2)]).toEqual(["turn 3", "another"]);
});

it("holds nothing of what could not be made", () => {
  const held = new Held<string>(30);
  const failing = () => {
    throw new Error("no memory");
  };
  expect(() => held.put(1, 30, failing)).toThrow("no memory");
  held.put(2, 30, () => "fits");
  expect([held.get(1), held.get(2)]).toEqual([null, "fits"]);
});

it("counts the bytes of all maps", () => {
  const prior = { mean: new Float32Array(1), logSigma: new Float32Array(1) };
  const plain = { width: 1, height: 2, channels: 1, base: new Float32Array(2), prior };
  expect(encodingBytes(plain)).toBe(8);
  const [factor, amplitude, top] = [new Float32Array(6), new Float32Array(4), new Float32Array(2)];
  expect(encodingBytes({ ...plain, factor, amplitude, top })).toBe(8 + 24 + 16 + 8);
});

it("may hold the 128 slices of a lesion with 32 channels", () => {
  const region = { width: 128, height: 128, channels: 32, base: new Float32Array(128 * 128 * 32) };
  const prior = { mean: new Float32Array(1), logSigma: new Float32Array(1) };
  expect(HELD_BYTES).toBe(128 * encodingBytes({ ...region, prior }));
});
