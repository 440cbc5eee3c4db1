import { GraderspaceError, isAbort } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import type { Task } from "../../../core/network/encoding.ts";
import type { StateStore } from "../store.ts";
import type { JobName } from "./job.ts";
import { endJob, forgive, hideJob, showJob } from "./tasks.ts";

/** `doing` names what is being done from now on, for people. */
export type Run = (task: Task, doing: (what: Text) => void) => Promise<void>;

/**
 * Work that is done for one key at a time. A newer key aborts the older run, whose late result is dropped; a key that
 * failed is not tried again until it is forgiven.
 */
export class KeyedTask {
  private readonly store: StateStore;
  private readonly name: JobName;
  private readonly what: Text;
  private readonly failed = new Set<string>();
  private running: { key: string; abort: AbortController } | null = null;

  constructor(store: StateStore, name: JobName, what: Text) {
    this.store = store;
    this.name = name;
    this.what = what;
  }

  /** `key` is what is wanted (null: nothing can be done yet), `have` what there is. */
  want(key: string | null, have: string | undefined, run: Run): void {
    if (this.running && this.running.key !== key) this.stop();
    if (key === null || key === have || this.running) return;
    if (this.failed.has(key)) return;
    void this.start(key, run);
  }

  hasFailed(key: string): boolean {
    return this.failed.has(key);
  }

  /** What failed may be tried again. */
  retry(): void {
    this.failed.clear();
    forgive(this.store, this.name);
  }

  /** The person does not want to wait for it: it is not tried again by itself. */
  cancel(): void {
    const key = this.running?.key;
    if (key === undefined) return;
    this.failed.add(key);
    this.stop();
    const error = new GraderspaceError("Aborted", { problem: say`the run was cancelled` });
    endJob(this.store, this.name, { key, error });
  }

  stop(): void {
    const running = this.running;
    this.running = null;
    running?.abort.abort();
    if (running) hideJob(this.store, this.name);
  }

  private async start(key: string, run: Run): Promise<void> {
    const abort = new AbortController();
    const mine = { key, abort };
    this.running = mine;
    let what = this.what;
    const report = (progress: number | null) => {
      if (this.running === mine) showJob(this.store, this.name, { progress, what });
    };
    report(null);
    let failure: unknown = null;
    try {
      await run({ signal: abort.signal, onProgress: report }, (next) => {
        what = next;
        report(null);
      });
    } catch (error) {
      failure = error;
    }
    if (this.running !== mine) return;
    this.running = null;
    const failed = failure !== null && !isAbort(failure);
    if (failed) this.failed.add(key);
    endJob(this.store, this.name, failed ? { key, error: failure } : null);
  }
}
