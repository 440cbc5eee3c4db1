import { type GraderspaceError, toPlain } from "../../../core/errors.ts";
import type { State } from "../shape.ts";
import type { StateStore } from "../store.ts";
import type { Job, JobName } from "./job.ts";

/** What runs and what failed is written here and nowhere else: a job that ends leaves nothing behind but its failure. */

/** Shows that something runs, and how far it is. */
export function showJob(store: StateStore, name: JobName, job: Job): void {
  store.setState(({ jobs }) => ({ jobs: { ...jobs, [name]: job } }));
}

/** The job ended or was given up; what failed of it before stands. */
export function hideJob(store: StateStore, name: JobName): void {
  store.setState(({ jobs }) => (name in jobs ? { jobs: without(jobs, name) } : {}));
}

/** The job ended: with a failure for these inputs, or well, which makes good what failed before. */
export function endJob(store: StateStore, name: JobName, failure: { key: string; error: unknown } | null): void {
  store.setState(({ jobs, failures }) => ({
    jobs: without(jobs, name),
    failures: failure
      ? { ...failures, [name]: { key: failure.key, error: toPlain(failure.error as GraderspaceError) } }
      : without(failures, name),
  }));
}

/** What failed may be tried again. */
export function forgive(store: StateStore, name: JobName): void {
  store.setState(({ failures }) => (name in failures ? { failures: without(failures, name) } : {}));
}

function without<T extends State["jobs"] | State["failures"]>(all: T, name: JobName): T {
  const { [name]: _gone, ...rest } = all;
  return rest as T;
}
