import { hasPosterior } from "../core/config/model-config.ts";
import { GraderspaceError, throwIfAborted } from "../core/errors.ts";
import { inEnglish, say, type Text } from "../core/language/say.ts";
import type { Task } from "../core/network/encoding.ts";
import type { Insides } from "../core/network/inside/inner-maps.ts";
import { type BackendReport, infoOf, type Model, type ModelFiles, type ModelInfo } from "../core/network/model.ts";
import { loadModel } from "../model/load-model.ts";
import { type Backend, chooseBackend, isFailure, type Rejected, type Running, reasonOf } from "./backends/backend.ts";
import { goldenProblem, wholeNetwork } from "./backends/golden.ts";
import { selfTest } from "./backends/self-test.ts";

/** What a host is made of; tests put fakes in their place. */
interface HostParts {
  loadModel(files: ModelFiles, task?: Task): Promise<Model>;
  selfTest(): Promise<Text | null>;
  now(): number;
}

const PARTS: HostParts = {
  loadModel: (files, task) => loadModel(files, undefined, task),
  selfTest,
  now: () => performance.now(),
};

/**
 * Runs one model at a time in this thread, on the first of `backends` that works and reproduces the model's golden
 * values. Where it fails, the work is done once more on the same backend started anew, then on the next one.
 */
export class ModelHost {
  readonly #backends: readonly Backend[];
  readonly #parts: HostParts;
  readonly #rejected: Rejected[] = [];
  readonly #timings: Record<string, number> = {};
  #running: Running | null = null;
  #files: ModelFiles | null = null;
  /** The files whose golden values the running backend has reproduced. */
  #verified: ModelFiles | null = null;
  #model: Model | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(backends: readonly Backend[], parts: Partial<HostParts> = {}) {
    this.#backends = backends;
    this.#parts = { ...PARTS, ...parts };
  }

  /** Starts the backend while the model's files are still on their way. */
  start(): void {
    this.#inTurn(undefined, () => this.#ensureBackend()).catch(() => {
      this.#rejected.length = 0; // the first load tries again, and tells
    });
  }

  /**
   * The model takes the place of the one before, which answers no more. Disposing of it frees the backend's memory.
   * @throws GraderspaceError as `loadModel`, and NoBackend, Aborted
   */
  load(files: ModelFiles, task?: Task): Promise<Model> {
    return this.#inTurn(task, async () => {
      this.#drop();
      this.#files = files;
      const begun = this.#parts.now();
      try {
        const info = await this.#recovering(files, task, async (model) => {
          const problem = this.#verified === files ? null : await this.#goldenProblem();
          if (problem !== null) throw new Error(inEnglish(problem));
          return infoOf(model);
        });
        this.#timings["load"] = this.#parts.now() - begun;
        return this.#modelOf(files, info);
      } catch (error) {
        this.#close(files);
        throw error;
      }
    });
  }

  #modelOf(files: ModelFiles, info: ModelInfo): Model {
    const run = <T>(task: Task | undefined, work: (model: Model) => Promise<T>): Promise<T> =>
      this.#inTurn(task, () => this.#recovering(files, task, work));
    const posteriors: Model["posteriors"] = (prepared, masks, task) =>
      run(task, async (model) => (await model.posteriors?.(prepared, masks, task)) ?? []);
    const lookInside: Model["lookInside"] = (prepared, task) =>
      run(task, async (model) => (await model.lookInside?.(prepared, task)) as Insides);
    return {
      ...info,
      report: () => this.#report(),
      prepare: (crop, task) =>
        run(task, async (model) => {
          const begun = this.#parts.now();
          const prepared = await model.prepare(crop, task);
          this.#timings["encode"] = this.#parts.now() - begun;
          return prepared;
        }),
      draw: (prepared, choices, want, task) => run(task, (model) => model.draw(prepared, choices, want, task)),
      ...(info.head && hasPosterior(files.config) && { posteriors }),
      ...(info.decode && { lookInside }),
      dispose: () => void this.#inTurn(undefined, async () => this.#close(files)),
    };
  }

  #report(): BackendReport | null {
    if (this.#running === null) return null;
    const { index, started } = this.#running;
    const { name: backend } = this.#backends[index] as Backend;
    const { detail, versions, limits } = started;
    return { backend, detail, rejected: [...this.#rejected], versions, limits, timings: { ...this.#timings } };
  }

  /** One piece of work after another: tensors of two would not fit in what one was measured for. */
  #inTurn<T>(task: Task | undefined, work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(() => {
      throwIfAborted(task?.signal);
      return work();
    });
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async #recovering<T>(files: ModelFiles, task: Task | undefined, work: (model: Model) => Promise<T>): Promise<T> {
    if (this.#files !== files) throw new GraderspaceError("BadArgument", { problem: say`the model was closed` });
    let restarted = -1;
    for (;;) {
      const { index, started } = await this.#ensureBackend();
      try {
        const done = await Promise.race([this.#ensureModel(files, task).then(work), started.lost]);
        const fault = started.fault();
        if (fault !== null) throw new Error(fault);
        return done;
      } catch (error) {
        throwIfAborted(task?.signal);
        if (!isFailure(error)) throw error;
        this.#drop();
        this.#running = null;
        const again = restarted !== index;
        restarted = index;
        if (!again) this.#rejected.push({ backend: (this.#backends[index] as Backend).name, reason: reasonOf(error) });
        this.#running = await this.#choose(again ? index : index + 1);
      }
    }
  }

  async #ensureBackend(): Promise<Running> {
    if (this.#running === null) {
      const begun = this.#parts.now();
      this.#running = await this.#choose(0);
      this.#timings["start"] = this.#parts.now() - begun;
    }
    return this.#running;
  }

  #choose(first: number): Promise<Running> {
    const check = async () => (await this.#parts.selfTest()) ?? (await this.#goldenProblem());
    return chooseBackend(this.#backends, first, this.#rejected, check);
  }

  /** What the network gets wrong of its golden values on this backend, as a clause; null where nothing, or none are known. */
  async #goldenProblem(): Promise<Text | null> {
    const files = this.#files;
    if (files === null) return null;
    if (files.golden) {
      const whole = wholeNetwork(files);
      const model = whole ? await this.#parts.loadModel(whole) : await this.#ensureModel(files);
      try {
        const wrong = await goldenProblem(files.golden, model);
        if (wrong !== null) {
          this.#drop();
          return wrong;
        }
      } finally {
        if (whole) model.dispose();
      }
    }
    this.#verified = files;
    return null;
  }

  async #ensureModel(files: ModelFiles, task?: Task): Promise<Model> {
    this.#model ??= await this.#parts.loadModel(files, task);
    return this.#model;
  }

  #close(files: ModelFiles): void {
    if (this.#files !== files) return;
    this.#drop();
    this.#files = null;
  }

  #drop(): void {
    try {
      this.#model?.dispose();
    } catch {
      // its device is gone, and its tensors with it
    }
    this.#model = null;
  }
}
