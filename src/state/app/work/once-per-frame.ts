import { isAbort } from "../../../core/errors.ts";
import type { Ports } from "../ports.ts";

/** A frame at 60 Hz, a little less: timers are not exact. */
const FRAME_MS = 15;

/**
 * Work that follows the hand. It is done for what is wanted once a frame: the first at once, what follows within the frame
 * at the next one, and then only what is wanted last. One run at a time; what one failed for is not wanted again until it
 * is forgiven.
 */
export class OncePerFrame {
  private readonly ports: Pick<Ports, "frame" | "now">;
  private readonly wanted: () => string | null;
  private readonly run: (key: string) => Promise<void>;
  private asked = false;
  private running = false;
  private ranAt = Number.NEGATIVE_INFINITY;
  private failed: string | null = null;

  /** `wanted` names what there is to do; null where nothing is, or nothing can be done yet. */
  constructor(ports: Pick<Ports, "frame" | "now">, wanted: () => string | null, run: (key: string) => Promise<void>) {
    this.ports = ports;
    this.wanted = wanted;
    this.run = run;
  }

  retry(): void {
    this.failed = null;
  }

  follow(): void {
    if (this.asked || this.running || this.next() === null) return;
    this.asked = true;
    const start = () => {
      this.asked = false;
      void this.start();
    };
    if (this.ports.now() - this.ranAt >= FRAME_MS) queueMicrotask(start);
    else this.ports.frame(start);
  }

  private next(): string | null {
    const key = this.wanted();
    return key === this.failed ? null : key;
  }

  private async start(): Promise<void> {
    const key = this.next();
    if (key === null) return;
    this.running = true;
    this.ranAt = this.ports.now();
    try {
      await this.run(key);
    } catch (error) {
      if (!isAbort(error)) this.failed = key;
    }
    this.running = false;
    this.follow();
  }
}
