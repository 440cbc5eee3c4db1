import { GraderspaceError, isAbort } from "../../core/errors.ts";

/** Bytes of instances held, of all series that are open together. */
const MOST_BYTES = 128 * 2 ** 20;

/** Instances as they came, by SOP Instance UID; the least recently asked for go first. One request serves all who wait. */
export class InstanceCache {
  /** Bytes that are held at most. */
  readonly most: number;
  private readonly held = new Map<string, Uint8Array>();
  private readonly coming = new Map<string, Promise<Uint8Array>>();
  private bytes = 0;

  constructor(most = MOST_BYTES) {
    this.most = most;
  }

  has(sop: string): boolean {
    return this.held.has(sop);
  }

  /** What turned out to be broken is asked for again. */
  forget(sop: string): void {
    this.bytes -= this.held.get(sop)?.length ?? 0;
    this.held.delete(sop);
  }

  /** @throws what `ask` throws; where another's request was cancelled, or was made before a login, it is made again */
  async get(sop: string, ask: () => Promise<Uint8Array>, signal?: AbortSignal): Promise<Uint8Array> {
    const here = this.held.get(sop);
    if (here) {
      this.held.delete(sop);
      this.held.set(sop, here);
      return here;
    }
    const under = this.coming.get(sop);
    if (under) {
      try {
        return await under;
      } catch (error) {
        // Cancelled by who asked first, or asked before a login: neither is about this one.
        const again = isAbort(error) || (error instanceof GraderspaceError && error.tag === "ArchiveLogin");
        if (!again || signal?.aborted) throw error;
        return this.get(sop, ask, signal);
      }
    }
    const request = ask();
    this.coming.set(sop, request);
    try {
      const bytes = await request;
      this.keep(sop, bytes);
      return bytes;
    } finally {
      this.coming.delete(sop);
    }
  }

  private keep(sop: string, bytes: Uint8Array): void {
    this.held.set(sop, bytes);
    this.bytes += bytes.length;
    for (const [oldest, { length }] of this.held) {
      if (this.bytes <= this.most || oldest === sop) break;
      this.held.delete(oldest);
      this.bytes -= length;
    }
  }
}
