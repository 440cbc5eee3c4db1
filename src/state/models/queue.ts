import { GraderspaceError, isAbort } from "../../core/errors.ts";
import type { Decoded, Draw, Encoding, Task, Want } from "../../core/network/encoding.ts";

export type Urgency = "now" | "soon" | "idle";
const ORDER: readonly Urgency[] = ["now", "soon", "idle"];

/** What stands behind a queue: a decoder of encodings by draws, or a system that draws samples of crops. */
export interface Queued<Subject, Item> {
  open(subject: Subject): void;
  decode(items: readonly Item[], want: Want, task?: Task): Promise<Decoded>;
  dispose(): void;
}

interface Waiting<Subject, Item> {
  readonly subject: Subject;
  readonly items: readonly Item[];
  readonly want: Want;
  readonly task: Task | undefined;
  resolve(decoded: Decoded): void;
  reject(error: unknown): void;
}

/**
 * One decode at a time, the most urgent first: a slider's decode never waits behind the rest of the plane, only behind
 * the one small batch that is running. Opens the decoder on a subject when the next decode is of another one.
 */
export class DecodeQueue<Subject = Encoding, Item = Draw> {
  private readonly waiting: Record<Urgency, Waiting<Subject, Item>[]> = { now: [], soon: [], idle: [] };
  private open: Subject | null = null;
  private running = false;
  private readonly decoder: Queued<Subject, Item>;

  constructor(decoder: Queued<Subject, Item>) {
    this.decoder = decoder;
  }

  /** @throws what the decoder throws; Aborted */
  decode(subject: Subject, items: readonly Item[], want: Want, urgency: Urgency, task?: Task): Promise<Decoded> {
    return new Promise((resolve, reject) => {
      this.waiting[urgency].push({ subject, items, want, task, resolve, reject });
      void this.run();
    });
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
        if (this.open !== next.subject) {
          this.decoder.open(next.subject);
          this.open = next.subject;
        }
        next.resolve(await this.decoder.decode(next.items, next.want, next.task));
      } catch (error) {
        if (!isAbort(error)) this.open = null;
        next.reject(error);
      }
    }
    this.running = false;
  }

  private next(): Waiting<Subject, Item> | undefined {
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
