import { GraderspaceError, throwIfAborted } from "../core/errors.ts";
import type { Encoding, Gaussian, Task } from "../core/network/encoding.ts";
import type { Crop } from "../core/values/region.ts";
import type { Mask } from "../core/values/slice.ts";
import { loadNetwork, type Network } from "../model/network.ts";
import { type Backend, chooseBackend, isFailure, type Rejected, reasonOf, type Started } from "./backends/backend.ts";
import { goldenInput, goldenProblem } from "./backends/golden.ts";
import { selfTest } from "./backends/self-test.ts";
import type { BackendReport, Engine, ModelFiles, ModelInfo } from "./engine.ts";

/** What a local engine is made of; tests put fakes in their place. */
export interface EngineParts {
  loadNetwork(files: ModelFiles): Promise<Network>;
  selfTest(): Promise<string | null>;
  now(): number;
}

const PARTS: EngineParts = { loadNetwork, selfTest, now: () => performance.now() };

/** An engine in this thread, on the first of `backends` that works; falls back to the next when one is lost for good. */
export function createLocalEngine(
  backends: readonly Backend[],
  parts: Partial<EngineParts> = {},
): Engine & {
  /** Starts the backend while the model's files are still on their way. */
  prepare(): void;
} {
  return new LocalEngine(backends, { ...PARTS, ...parts });
}

class LocalEngine implements Engine {
  readonly #backends: readonly Backend[];
  readonly #parts: EngineParts;
  readonly #rejected: Rejected[] = [];
  readonly #timings: Record<string, number> = {};
  #running: { readonly index: number; readonly started: Started } | null = null;
  #files: ModelFiles | null = null;
  /** The files whose golden values the running backend has reproduced. */
  #verified: ModelFiles | null = null;
  #network: Network | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(backends: readonly Backend[], parts: EngineParts) {
    this.#backends = backends;
    this.#parts = parts;
  }

  prepare(): void {
    this.#inTurn(undefined, () => this.#ensureBackend()).catch(() => {
      this.#rejected.length = 0; // the first load tries again, and tells
    });
  }

  load(files: ModelFiles, task?: Task): Promise<ModelInfo> {
    return this.#inTurn(task, async () => {
      this.#dropNetwork();
      this.#files = files;
      const begun = this.#parts.now();
      const head = await this.#recovering(task, async (network) => {
        const problem = this.#verified === files ? null : await this.#goldenProblem();
        if (problem !== null) throw new Error(problem);
        return network.head;
      });
      this.#timings["load"] = this.#parts.now() - begun;
      return { config: files.config, head, backend: this.#report() };
    });
  }

  encode(crop: Crop, task?: Task): Promise<Encoding> {
    return this.#inTurn(task, () =>
      this.#recovering(task, async (network) => {
        const begun = this.#parts.now();
        const encoding = await network.encode(crop.values, crop.size, task);
        this.#timings["encode"] = this.#parts.now() - begun;
        return encoding;
      }),
    );
  }

  posterior(crop: Crop, mask: Mask, task?: Task): Promise<Gaussian> {
    return this.#inTurn(task, () =>
      this.#recovering(task, (network) => network.posterior(crop.values, mask, crop.size, task)),
    );
  }

  async report(): Promise<BackendReport> {
    if (this.#running === null) throw notLoaded();
    return this.#report();
  }

  dispose(): void {
    this.#inTurn(undefined, async () => {
      this.#dropNetwork();
      this.#files = null;
    });
  }

  #report(): BackendReport {
    const { index, started } = this.#running as { index: number; started: Started };
    return {
      backend: (this.#backends[index] as Backend).name,
      detail: started.detail,
      rejected: [...this.#rejected],
      versions: started.versions,
      limits: started.limits,
      timings: { ...this.#timings },
    };
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

  /**
   * Runs `work` on the loaded network. Where the backend fails: once more on the same backend started anew with the
   * weights loaded again, then on the next one.
   */
  async #recovering<T>(task: Task | undefined, work: (network: Network) => Promise<T>): Promise<T> {
    const files = this.#files;
    if (files === null) throw notLoaded();
    let restarted = -1;
    for (;;) {
      const { index, started } = await this.#ensureBackend();
      try {
        const done = await Promise.race([this.#ensureNetwork(files).then(work), started.lost]);
        const fault = started.fault();
        if (fault !== null) throw new Error(fault);
        return done;
      } catch (error) {
        throwIfAborted(task?.signal);
        if (!isFailure(error)) throw error;
        this.#dropNetwork();
        this.#running = null;
        const again = restarted !== index;
        restarted = index;
        if (!again) this.#rejected.push({ backend: (this.#backends[index] as Backend).name, reason: reasonOf(error) });
        this.#running = await this.#choose(again ? index : index + 1);
      }
    }
  }

  async #ensureBackend(): Promise<{ readonly index: number; readonly started: Started }> {
    if (this.#running === null) {
      const begun = this.#parts.now();
      this.#running = await this.#choose(0);
      this.#timings["start"] = this.#parts.now() - begun;
    }
    return this.#running;
  }

  #choose(first: number): Promise<{ readonly index: number; readonly started: Started }> {
    return chooseBackend(
      this.#backends,
      first,
      this.#rejected,
      async () => (await this.#parts.selfTest()) ?? (await this.#goldenProblem()),
    );
  }

  /** What the network gets wrong of its golden values on this backend, as a clause; null where nothing, or none are known. */
  async #goldenProblem(): Promise<string | null> {
    const files = this.#files;
    if (files === null) return null;
    if (files.golden) {
      const network = await this.#ensureNetwork(files);
      const { size, values } = goldenInput(files.golden);
      const wrong = goldenProblem(files.golden, await network.encode(values, size));
      if (wrong !== null) {
        this.#dropNetwork();
        return wrong;
      }
    }
    this.#verified = files;
    return null;
  }

  async #ensureNetwork(files: ModelFiles): Promise<Network> {
    this.#network ??= await this.#parts.loadNetwork(files);
    return this.#network;
  }

  #dropNetwork(): void {
    try {
      this.#network?.dispose();
    } catch {
      // its device is gone, and its tensors with it
    }
    this.#network = null;
  }
}

function notLoaded(): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem: "no model was loaded" });
}
