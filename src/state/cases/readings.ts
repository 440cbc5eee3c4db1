import { isAbort, throwIfAborted } from "../../core/errors.ts";
import type { Text } from "../../core/language/say.ts";
import { sentenceOf, tell } from "../app/notices.ts";
import type { StateStore } from "../app/store.ts";
import { hideJob, showJob } from "../app/work/tasks.ts";

/** What is being read for the person, in the order in which it was asked for: shown, told of where it fails, given up. */
export class Readings {
  private readonly store: StateStore;
  private readonly running = new Map<AbortController, Text>();

  constructor(store: StateStore) {
    this.store = store;
  }

  /**
   * Until it is read or given up, whichever is first. `work` gets what throws Aborted once it was given up: what is read
   * later must not come onto the screen.
   */
  async run(what: Text, work: (stillWanted: () => void) => Promise<void>): Promise<void> {
    const mine = new AbortController();
    this.running.set(mine, what);
    this.show();
    const givenUp = new Promise<void>((resolve) => mine.signal.addEventListener("abort", () => resolve()));
    try {
      await Promise.race([givenUp, work(() => throwIfAborted(mine.signal))]);
    } catch (error) {
      if (!isAbort(error)) tell(this.store, "alert", sentenceOf(error));
    } finally {
      this.running.delete(mine);
      this.show();
    }
  }

  /** Gives up all that is being read; what is on the screen stays. */
  cancel(): void {
    for (const one of this.running.keys()) one.abort();
    this.running.clear();
    this.show();
  }

  private show(): void {
    const what = [...this.running.values()].at(-1);
    if (what === undefined) hideJob(this.store, "open");
    else showJob(this.store, "open", { progress: null, what });
  }
}
