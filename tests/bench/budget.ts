/** The time that a run may take: where it is nearly spent, what the ratios do not need is left out, with the reason. */
export class Budget {
  readonly skipped: string[] = [];
  readonly #ends: number;
  readonly #limitMs: number;
  readonly #now: () => number;

  constructor(limitMs: number, now: () => number = () => performance.now()) {
    this.#limitMs = limitMs;
    this.#now = now;
    this.#ends = now() + limitMs;
  }

  /** Whether there is time for `what`, which takes about so long; else it is noted as left out. */
  allows(what: string, milliseconds: number): boolean {
    const left = this.#ends - this.#now();
    if (left > milliseconds) return true;
    const [needs, has] = [milliseconds, Math.max(0, left)].map((ms) => Math.round(ms / 1000));
    const minutes = Math.round(this.#limitMs / 60_000);
    this.skipped.push(`${what}: it takes about ${needs} s, and of the run's ${minutes} minutes ${has} s are left`);
    return false;
  }
}
