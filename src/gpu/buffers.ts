import { GraderspaceError } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import { largestBuffer } from "./device.ts";

/** Buffers by name that grow to what the largest decode needed and are used again: moving z makes none. */
export class Buffers {
  readonly #gpu: GPUDevice;
  readonly #held = new Map<string, GPUBuffer>();

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
  }

  /** Bytes held now. */
  get bytes(): number {
    return [...this.#held.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** A buffer of at least so many bytes; what it held before may be gone. @throws OutOfMemory past the device's limit */
  atLeast(name: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const held = this.#held.get(name);
    if (held && held.size >= bytes) return held;
    const size = Math.ceil(Math.max(bytes, 16) / 16) * 16;
    if (size > largestBuffer(this.#gpu)) {
      const problem = say`this decode needs a buffer of ${Math.ceil(size / 2 ** 20)} MiB, more than the graphics device allows`;
      throw new GraderspaceError("OutOfMemory", { problem, remedy: say`ask for fewer samples at once` });
    }
    held?.destroy();
    const buffer = this.#gpu.createBuffer({ label: name, size, usage });
    this.#held.set(name, buffer);
    return buffer;
  }

  drop(name: string): void {
    this.#held.get(name)?.destroy();
    this.#held.delete(name);
  }

  dispose(): void {
    for (const buffer of this.#held.values()) buffer.destroy();
    this.#held.clear();
  }
}
