/**
 * Keeps something in step with the state: a pass at once, and one at every change of a store. No pass begins while one
 * runs: what a pass changes (a task does while it starts) it sees itself.
 */
export class InStep {
  private readonly pass: () => void;
  private readonly unsubscribe: readonly (() => void)[];
  private passing = false;

  constructor(stores: readonly { subscribe(listener: () => void): () => void }[], pass: () => void) {
    this.pass = pass;
    this.unsubscribe = stores.map((store) => store.subscribe(() => this.follow()));
    this.follow();
  }

  /** A pass, though nothing has changed. */
  follow(): void {
    if (this.passing) return;
    this.passing = true;
    try {
      this.pass();
    } finally {
      this.passing = false;
    }
  }

  dispose(): void {
    for (const stop of this.unsubscribe) stop();
  }
}
