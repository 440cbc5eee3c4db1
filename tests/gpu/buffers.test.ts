import { expect, test } from "vitest";
import { Buffers } from "../../src/gpu/buffers.ts";

/** A device that notes which buffers it made and which of them were destroyed, and allows 2 MiB each. */
function device(limits: Partial<Record<"maxBufferSize" | "maxStorageBufferBindingSize", number>> = {}) {
  const made: { label: string; size: number; destroyed: boolean }[] = [];
  const gpu = {
    limits: { maxBufferSize: 2 ** 21, maxStorageBufferBindingSize: 2 ** 22, ...limits },
    createBuffer: ({ label, size }: { label: string; size: number }) => {
      const buffer = { label, size, destroyed: false, destroy: () => (buffer.destroyed = true) };
      made.push(buffer);
      return buffer;
    },
  };
  return { made, buffers: new Buffers(gpu as unknown as GPUDevice) };
}

test("a buffer is used again while it is large enough, else a larger one takes its place", () => {
  const { made, buffers } = device();
  const first = buffers.atLeast("draws", 100, 0);
  expect(buffers.atLeast("draws", 112, 0)).toBe(first);
  expect(buffers.atLeast("maps", 1, 0)).not.toBe(first);
  buffers.atLeast("draws", 113, 0);
  expect(made.map(({ label, size, destroyed }) => [label, size, destroyed])).toEqual([
    ["draws", 112, true], // whole vectors of 16 bytes
    ["maps", 16, false],
    ["draws", 128, false],
  ]);
});

test("bytes held are those of the buffers in use, and none once all are given back", () => {
  const { made, buffers } = device();
  expect(buffers.bytes).toBe(0);
  buffers.atLeast("draws", 16, 0);
  buffers.atLeast("draws", 32, 0);
  buffers.atLeast("maps", 0, 0);
  expect(buffers.bytes).toBe(32 + 16);
  buffers.dispose();
  expect(buffers.bytes).toBe(0);
  expect(made.every(({ destroyed }) => destroyed)).toBe(true);
});

test("a buffer can be given back alone", () => {
  const { made, buffers } = device();
  buffers.atLeast("maps 1", 16, 0);
  buffers.atLeast("maps 2", 32, 0);
  buffers.drop("maps 1");
  expect(buffers.bytes).toBe(32);
  expect(made.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  buffers.drop("maps 1"); // not there any more
  expect(buffers.bytes).toBe(32);
});

test("a buffer as large as the device allows is made, a larger one refused by its MiB", () => {
  const { buffers, made } = device();
  buffers.atLeast("maps", 2 ** 21, 0);
  expect(() => buffers.atLeast("draws", 2 ** 21 + 1, 0)).toThrow(
    "This decode needs a buffer of 3 MiB, more than the graphics device allows; ask for fewer samples at once.",
  );
  expect(made).toHaveLength(1);
  const bound = device({ maxStorageBufferBindingSize: 64 }).buffers;
  expect(() => bound.atLeast("maps", 65, 0)).toThrow(expect.objectContaining({ tag: "OutOfMemory" }));
});
