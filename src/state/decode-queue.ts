import type { Decoded, Decoder, Draw, Encoding, Task, Want } from "../core/encoding.ts";
import { GraderspaceError, isAbort } from "../core/errors.ts";

export type Urgency = "now" | "soon" | "idle";
const ORDER: readonly Urgency[] = ["now", "soon", "idle"];

interface Waiting {
  readonly encoding: Encoding;
  readonly draws: readonly Draw[];
  readonly want: Want;
  readonly task: Task | undefined;
  resolve(decoded: Decoded): void;
  reject(error: unknown): void;
}

/**
 * One decode at a time, the most urgent first: a slider's decode never waits behind the rest of the plane, only behind
 * the one small batch that is running. Opens the decoder on an encoding when the next decode is of another one.
 */
export class DecodeQueue {
  private readonly waiting: Record<Urgency, Waiting[]> = { now: [], soon: [], idle: [] };
  private open: Encoding | null = null;
  private running = false;
  private decoder: Decoder;

  constructor(decoder: Decoder) {
    this.decoder = decoder;
  }

  /** @throws what the decoder throws; Aborted */
  decode(encoding: Encoding, draws: readonly Draw[], want: Want, urgency: Urgency, task?: Task): Promise<Decoded> {
    return new Promise((resolve, reject) => {
      this.waiting[urgency].push({ encoding, draws, want, task, resolve, reject });
      void this.run();
    });
  }

  /** Takes over a new decoder (another model, a lost device); what still waits is decoded by the new one. */
  replace(decoder: Decoder): void {
    if (decoder === this.decoder) return;
    this.decoder.dispose();
    this.decoder = decoder;
    this.open = null;
  }

  dispose(): void {
    this.decoder.dispose();
    for (const urgency of ORDER) for (const one of this.waiting[urgency].splice(0)) one.reject(aborted());
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    for (let next = this.next(); next; next = this.next()) {
      if (next.task?.signal?.aborted) {
        next.reject(aborted());
        continue;
      }
      try {
        if (this.open !== next.encoding) {
          this.decoder.open(next.encoding);
          this.open = next.encoding;
        }
        next.resolve(await this.decoder.decode(next.draws, next.want, next.task));
      } catch (error) {
        if (!isAbort(error)) this.open = null;
        next.reject(error);
      }
    }
    this.running = false;
  }

  private next(): Waiting | undefined {
    for (const urgency of ORDER) {
      const first = this.waiting[urgency].shift();
      if (first) return first;
    }
    return undefined;
  }
}

function aborted(): GraderspaceError {
  return new GraderspaceError("Aborted", { problem: "the run was cancelled" });
}
