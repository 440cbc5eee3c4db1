/**
 * Fewer than so many are not worth their while. Threads share their memory, and our own convolutions work in one that is
 * not: they encode on one thread in the time of 3.1 (default model) to 3.7 (the paper's) of tfjs's if those shared the
 * work without loss, and leave the other cores to the crew.
 */
const FEWEST = 5;

/** Threads for tfjs's wasm backend on so many cores; tfjs gives half of them, whatever is asked for. 1: its plain build. */
export function wasmThreads(cores: number, most = Number.POSITIVE_INFINITY): number {
  const threads = Math.min(most, Math.floor(cores / 2));
  return threads >= FEWEST ? threads : 1;
}
