import { describe, expect, it } from "vitest";
import { readSafetensors } from "../../../src/model/safetensors.ts";
import { withTensors } from "../../../src/model/teach/replaced-tensors.ts";

/** A file of 8 bits [2, 2] with its two scales, of 16 bits [1] and of 32 bits [1]. */
function file(): Uint8Array {
  const header = JSON.stringify({
    small: { dtype: "I8", shape: [2, 2], data_offsets: [0, 4] },
    "small.scale": { dtype: "F32", shape: [2], data_offsets: [4, 12] },
    half: { dtype: "F16", shape: [1], data_offsets: [12, 14] },
    single: { dtype: "F32", shape: [1], data_offsets: [14, 18] },
  });
  const bytes = new Uint8Array(8 + header.length + 18);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  const at = 8 + header.length;
  for (const [i, q] of [1, 2, 3, -4].entries()) view.setInt8(at + i, q);
  view.setFloat32(at + 4, 0.5, true);
  view.setFloat32(at + 8, 10, true);
  view.setUint16(at + 12, 0x3c00, true); // 1
  view.setFloat32(at + 14, 7, true);
  return bytes;
}

const valuesOf = (bytes: Uint8Array) =>
  Object.fromEntries([...readSafetensors(bytes, "w")].map(([name, { dtype, values }]) => [name, [dtype, ...values]]));

describe("other values in a file of weights", () => {
  it("are stored as the old ones were, and all others stay", () => {
    expect(valuesOf(withTensors(file(), "w", new Map([["half", Float32Array.of(0.1)]])))).toEqual({
      small: ["i8", 0.5, 1, 30, -40], // 1·.5, 2·.5, 3·10, −4·10
      half: ["f16", expect.closeTo(0.1, 4)],
      single: ["f32", 7],
    });
  });

  it("take 16 bits where the old ones had 8, whose scales go: they do not fit them", () => {
    const changed = withTensors(file(), "w", new Map([["small", Float32Array.of(0.25, 1000, -3, 0)]]));
    expect(valuesOf(changed)).toEqual({
      small: ["f16", 0.25, 1000, -3, 0],
      half: ["f16", 1],
      single: ["f32", 7],
    });
  });

  it("are refused by name where there is no such tensor, or one of another size", () => {
    for (const [name, length] of [
      ["large", 4],
      ["small", 3],
      ["small.scale", 2],
    ] as const)
      expect(() => withTensors(file(), "w", new Map([[name, new Float32Array(length)]]))).toThrow(
        `it has no tensor ${name} of ${length} numbers`,
      );
  });
});
