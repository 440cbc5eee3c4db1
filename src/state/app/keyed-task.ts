import { GraderspaceError, isAbort, toPlain } from "../../core/errors.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { JobName } from "./jobs.ts";
import type { StateStore } from "./store.ts";

/** `say` names what is being done from now on, for people. */
export type Run = (task: Task, say: (what: string) => void) => Promise<void>;

/**
 * One stage of the way from intent to picture: runs for one key at a time. A newer key aborts the older run, whose late
 * result is dropped; a key that failed is not tried again until it is forgiven.
 */
export class Stage {
  private readonly store: StateStore;
  private readonly name: JobName;
  private readonly what: string;
  private readonly failed = new Set<string>();
  private running: { key: string; abort: AbortController } | null = null;

  constructor(store: StateStore, name: JobName, what: string) {
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
  forgive(): void {
    this.failed.clear();
  }

  /** The person does not want to wait for it: it is not tried again by itself. */
  cancel(): void {
    const key = this.running?.key;
    if (key === undefined) return;
    this.failed.add(key);
    this.stop();
    const error = toPlain(new GraderspaceError("Aborted", { problem: "the run was cancelled" }));
    this.store.setState(({ failures }) => ({ failures: { ...failures, [this.name]: { key, error } } }));
  }

  stop(): void {
    const running = this.running;
    this.running = null;
    running?.abort.abort();
    if (running) this.report(null);
  }

  private async start(key: string, run: Run): Promise<void> {
    const abort = new AbortController();
    const mine = { key, abort };
    this.running = mine;
    let what = this.what;
    this.report({ progress: null, what });
    const task: Task = {
      signal: abort.signal,
      onProgress: (progress) => {
        if (this.running === mine) this.report({ progress, what });
      },
    };
    const say = (next: string) => {
      what = next;
      if (this.running === mine) this.report({ progress: null, what });
    };
    let failure: unknown = null;
    try {
      await run(task, say);
    } catch (error) {
      failure = error;
    }
    if (this.running !== mine) return;
    this.running = null;
    const failed = failure !== null && !isAbort(failure);
    if (failed) this.failed.add(key);
    this.store.setState((state) => {
      const jobs = { ...state.jobs };
      delete jobs[this.name];
      const failures = { ...state.failures };
      if (failed) failures[this.name] = { key, error: toPlain(failure) };
      else delete failures[this.name];
      return { jobs, failures };
    });
  }

  private report(job: { progress: number | null; what: string } | null): void {
    this.store.setState((state) => {
      const jobs = { ...state.jobs };
      if (job) jobs[this.name] = job;
      else delete jobs[this.name];
      return { jobs };
    });
  }
}
