const PAGE_BYTES = 2 ** 16;

/** Bytes that onnxruntime may take for all graphs of one thread and what they compute: half of what it would take itself. */
export const MEMORY_BYTES = 2 ** 31;

/**
 * Does what makes onnxruntime's memory, which has no option for how far it may grow, so that it grows to `MEMORY_BYTES`
 * at most: beyond that a graph is refused its memory, and the browser keeps its own.
 */
export async function withBoundedMemory<T>(start: () => Promise<T>): Promise<T> {
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor({ maximum, ...asked }: WebAssembly.MemoryDescriptor) {
      super({ ...asked, ...(maximum !== undefined && { maximum: Math.min(maximum, MEMORY_BYTES / PAGE_BYTES) }) });
    }
  };
  try {
    return await start();
  } finally {
    WebAssembly.Memory = Memory;
  }
}
