import { GraderspaceError, throwIfAborted } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";

export type Urgency = "now" | "soon" | "idle";
const ORDER: readonly Urgency[] = ["now", "soon", "idle"];

interface Waiting {
  run(): Promise<void>;
  reject(error: unknown): void;
}

/**
 * One piece of work at a time, or as many as there are lanes, the most urgent first: a slider's decode never waits behind the rest of the plane, only
 * behind the one small batch that is running.
 */
export class Queue {
  private readonly waiting: Record<Urgency, Waiting[]> = { now: [], soon: [], idle: [] };
  private readonly lanes: number;
  private running = 0;

  constructor(lanes = 1) {
    this.lanes = lanes;
  }

  /** @throws what the work throws; Aborted, and then it was not begun */
  run<T>(urgency: Urgency, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = async () => {
        try {
          throwIfAborted(signal);
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      };
      this.waiting[urgency].push({ run, reject });
      void this.work();
    });
  }

  /** Ends what waits. */
  clear(): void {
    const error = new GraderspaceError("Aborted", { problem: say`the run was cancelled` });
    for (const urgency of ORDER) for (const one of this.waiting[urgency].splice(0)) one.reject(error);
  }

  private async work(): Promise<void> {
    if (this.running === this.lanes) return;
    this.running++;
    for (let next = this.next(); next; next = this.next()) await next.run();
    this.running--;
  }

  private next(): Waiting | undefined {
    return ORDER.map((urgency) => this.waiting[urgency])
      .find((waiting) => waiting.length > 0)
      ?.shift();
  }
}
