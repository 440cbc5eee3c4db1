import { GraderspaceError, isAbort } from "../../core/errors.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { Model, Prepared } from "../../core/network/model.ts";
import type { Crop } from "../../core/values/region.ts";

interface Member {
  readonly model: Model;
  /** Calls that it has not answered. */
  pending: number;
}

export interface CrewParts {
  /** How many may work at once, the first included where it takes part. */
  readonly size: number;
  /** One more of the same model, with one thread. */
  make(): Promise<Model>;
  /** Milliseconds that the first has worked on this model before a helper is thought of; `HELPER_AFTER_MS` unless said. */
  readonly after?: number;
  now?(): number;
}

/**
 * A helper starts a backend and loads the weights once more, which costs about as much as ten samples of the largest
 * ensemble: a few samples for the explorer are done before it could take part, and only wait longer beside it.
 */
const HELPER_AFTER_MS = 2000;

/**
 * A model with helpers of the same kind, each in a worker with one thread: made when all that are there are busy: at
 * once for who has many crops, for single samples after they were for long. Each
 * answer is that of one of them alone, so the numbers do not depend on how many there are. A first that computes with
 * threads sums in another order and takes no part. A helper that cannot be made or fails costs nothing but time.
 */
export function crewedModel(first: Model, parts: CrewParts): Model {
  const crew = new Crew(first, parts);
  const prepare = (crop: Crop, task?: Task): Promise<Prepared> => crew.run(crop, (model) => model.prepare(crop, task));
  const dispose = () => {
    crew.dispose();
    first.dispose();
  };
  const prepareMany = (crop: Crop, task?: Task): Promise<Prepared> =>
    crew.run(crop, (model) => model.prepare(crop, task), { many: true });
  const shared = { ...first, crew: { lanes: parts.size, prepare: prepareMany }, dispose };
  if (first.decode !== null) return shared;
  return {
    ...shared,
    prepare,
    draw: (prepared, choices, want, task) =>
      // all heads come of one look
      crew.run(prepared.crop, (model) => model.draw(prepared, choices, want, task), { stay: first.choice === "head" }),
  };
}

class Crew {
  readonly #first: Model;
  readonly #parts: CrewParts;
  readonly #members: Member[];
  /** Who looked at a crop last, and need not look again. */
  readonly #seen = new WeakMap<Crop, Member>();
  #starting: Promise<void>[] = [];
  /** Milliseconds that calls took so far. */
  #worked = 0;
  #disposed = false;
  /** One could not be made: no other is tried. */
  #enough = false;

  constructor(first: Model, parts: CrewParts) {
    this.#first = first;
    this.#parts = parts;
    const threads = first.report()?.limits["threads"] ?? 1;
    this.#members = threads > 1 ? [] : [{ model: first, pending: 0 }];
  }

  /** `stay`: whoever looked at the crop does it, be it busy or not. `many`: there is more to come than a helper costs. */
  async run<T>(crop: Crop, work: (model: Model) => Promise<T>, { stay = false, many = false } = {}): Promise<T> {
    for (;;) {
      const seen = this.#seen.get(crop);
      if (this.#members.length === 0) await this.#someone();
      // found and counted in one turn: whoever asks next sees it busy
      const member = stay && seen && this.#members.includes(seen) ? seen : this.#pick(crop, many);
      this.#seen.set(crop, member);
      const before = ++member.pending; // those that it does first are counted by themselves
      const begun = this.#now();
      try {
        return await work(member.model);
      } catch (error) {
        if (member.model === this.#first || !isOver(error)) throw error;
        this.#leave(member);
      } finally {
        member.pending--;
        this.#worked += (this.#now() - begun) / before;
      }
    }
  }

  dispose(): void {
    this.#disposed = true;
    for (const { model } of this.#members.splice(0)) if (model !== this.#first) model.dispose();
  }

  #now(): number {
    return this.#parts.now?.() ?? performance.now();
  }

  #pick(crop: Crop, many: boolean): Member {
    const least = Math.min(...this.#members.map(({ pending }) => pending));
    if (least > 0 && (many || this.#worked >= (this.#parts.after ?? HELPER_AFTER_MS))) this.#start();
    const free = this.#members.filter(({ pending }) => pending === least);
    const known = this.#seen.get(crop);
    return free.find((member) => member === known) ?? free[0] ?? { model: this.#first, pending: 0 };
  }

  /** Until there is a helper, where the first takes no part. */
  async #someone(): Promise<void> {
    this.#start();
    await this.#starting[0];
  }

  /** One more, where there may be. */
  #start(): void {
    if (this.#disposed || this.#enough || this.#members.length + this.#starting.length >= this.#parts.size) return;
    const made = this.#parts.make().then(
      (model) => {
        const same = model.report()?.backend === this.#first.report()?.backend;
        if (same && !this.#disposed) this.#members.push({ model, pending: 0 });
        else model.dispose();
        this.#enough ||= !same;
      },
      () => {
        this.#enough = true;
      },
    );
    const starting = made.finally(() => {
      this.#starting = this.#starting.filter((one) => one !== starting);
    });
    this.#starting.push(starting);
  }

  #leave(member: Member): void {
    const at = this.#members.indexOf(member);
    if (at < 0) return;
    this.#members.splice(at, 1);
    this.#enough = true;
    member.model.dispose();
  }
}

/** Its worker or its memory is at an end: another one may still do the work. */
function isOver(error: unknown): boolean {
  if (isAbort(error) || !(error instanceof GraderspaceError)) return false;
  return error.tag === "WorkerLost" || error.tag === "NoBackend" || error.tag === "OutOfMemory";
}
