import { createStore } from "zustand/vanilla";
import { type PlainError, toPlain } from "../../core/errors.ts";
import { say, sayAll, type Text } from "../../core/language/say.ts";
import type { HeldOutFigures } from "../../core/training/held-out.ts";
import { DEFAULT_TRAINING, type TrainingSettings } from "../../core/training/settings.ts";
import type { TrainingCase } from "../../core/training/training-case.ts";
import type { TrainingPort } from "../../engine/train/training-port.ts";
import { looksAt, peeksAt } from "./rhythm.ts";

/** One step of the curve. */
export interface CurvePoint {
  readonly step: number;
  /** Nats: summed over pixels, mean over the batch. */
  readonly crossEntropy: number;
  /** [L] nats */
  readonly kl: readonly number[];
}

export interface TrainingState {
  readonly recipe: TrainingSettings;
  /** What a person wants; work goes on only while the view is seen. */
  readonly playing: boolean;
  /** A call is under way. */
  readonly working: boolean;
  readonly seen: boolean;
  readonly step: number;
  readonly curve: readonly CurvePoint[];
  readonly heldOut: readonly HeldOutFigures[];
  /** GED² by step of the run before this one, and what it was. */
  readonly before: { readonly title: Text; readonly heldOut: readonly HeldOutFigures[] } | null;
  /** Null until the worker answers. */
  readonly started: {
    readonly backend: string;
    readonly weights: number;
    readonly cases: readonly TrainingCase[];
  } | null;
  /** Of each shown case: probabilities [16, size, size]. */
  readonly samples: readonly Float32Array[];
  /** … [5², size, size] over its latent plane. */
  readonly planes: readonly Float32Array[];
  /** Steps per second of the last steps, looks left out; null before the second one. */
  readonly speed: number | null;
  readonly error: PlainError | null;
}

interface Means {
  trainer(): Promise<TrainingPort>;
  now(): number;
}

const NOTHING_YET = {
  step: 0,
  curve: [],
  heldOut: [],
  started: null,
  samples: [],
  planes: [],
  speed: null,
  error: null,
} as const;

/** The training of the page: one at a time, in a worker; each change of a setting begins anew. */
export class TrainingRun {
  readonly store = createStore<TrainingState>(() => ({
    recipe: DEFAULT_TRAINING,
    playing: false,
    working: false,
    seen: false,
    before: null,
    ...NOTHING_YET,
  }));
  readonly #means: Means;
  #port: Promise<TrainingPort> | null = null;
  /** Counts beginnings: what an earlier one still answers is dropped. */
  #run = 0;
  /** Steps that are wanted though nothing plays. */
  #owed = 0;
  /** The step that is to be returned to. */
  #backTo: number | null = null;

  constructor(means: Means) {
    this.#means = means;
  }

  play(): void {
    const { step, recipe } = this.store.getState();
    if (step >= recipe.steps) this.restart();
    this.store.setState({ playing: true });
    this.#work();
  }

  pause(): void {
    this.store.setState({ playing: false });
  }

  /** One step, then stands still. */
  advance(): void {
    this.#owed++;
    this.pause();
    this.#work();
  }

  /** Back to the last step before this one whose held-out cases were looked at, and stands still there. */
  back(): void {
    this.#backTo = lookBefore(this.store.getState());
    this.#owed = 0;
    this.pause();
    this.#work();
  }

  /** From the first weights again. */
  restart(): void {
    this.change({});
  }

  /** Other settings, from step 0; what plays goes on playing. */
  change(wanted: Partial<TrainingSettings>): void {
    this.#run++;
    this.#owed = 0;
    this.#backTo = null;
    const { heldOut, recipe, before } = this.store.getState();
    const last = heldOut.length > 1 ? { title: titleOf(recipe), heldOut } : before;
    this.store.setState({ ...NOTHING_YET, before: last, working: false, recipe: { ...recipe, ...wanted } });
    this.#work();
  }

  /** Whether the view is on the screen of a visible tab: elsewhere nothing is computed. */
  see(seen: boolean): void {
    this.store.setState({ seen });
    if (seen) this.#work();
  }

  /**
   * The network as it is, as a zip of a model folder; `region`: the side of what it is to look at from now on, where
   * that is another than it learnt from. @throws WorkerLost
   */
  async saved(region?: number): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
    const name = `simulated-step-${this.store.getState().step}`;
    const { config, weights } = await (await this.#trainer()).model(name);
    const { writeZip } = await import("../../io/bytes/zip-write.ts");
    const { preprocessing } = config;
    const own = region === undefined ? config : { ...config, preprocessing: { ...preprocessing, size: region } };
    const json = new TextEncoder().encode(`${JSON.stringify(own, null, 1)}
`);
    return {
      name: `${name}.zip`,
      bytes: writeZip({ [`${name}/config.json`]: json, [`${name}/weights.safetensors`]: weights }),
    };
  }

  #trainer(): Promise<TrainingPort> {
    this.#port ??= this.#means.trainer();
    return this.#port;
  }

  #giveUp(): void {
    const port = this.#port;
    this.#port = null;
    port?.then(
      (trainer) => trainer.dispose(),
      () => undefined,
    );
  }

  #work(): void {
    const { working, seen, error } = this.store.getState();
    if (working || !seen || error) return;
    this.store.setState({ working: true });
    void this.#loop(this.#run);
  }

  /** Calls one after the other for as long as there is something to do; ends silently where another run began. */
  async #loop(run: number): Promise<void> {
    const here = () => run === this.#run;
    try {
      const trainer = await this.#trainer();
      while (here() && this.#isWanted()) await this.#next(trainer, here);
    } catch (error) {
      if (here()) this.#giveUp(); // whatever is the matter with the worker, the next run gets a new one
      if (here()) this.store.setState({ error: toPlain(error), playing: false });
    }
    if (here()) this.store.setState({ working: false });
  }

  #isWanted(): boolean {
    const { seen, playing, started, step, recipe, heldOut } = this.store.getState();
    if (!seen) return false;
    if (started === null || heldOut.length === 0 || this.#backTo !== null) return true;
    return (playing || this.#owed > 0) && step < recipe.steps;
  }

  async #next(trainer: TrainingPort, here: () => boolean): Promise<void> {
    const { started, heldOut, recipe } = this.store.getState();
    if (started === null) {
      const found = await trainer.start(recipe);
      if (here()) this.store.setState({ started: found });
    } else if (heldOut.length === 0) {
      await this.#look(trainer, here);
      await this.#peek(trainer, here);
    } else if (this.#backTo !== null) await this.#back(trainer, here, this.#backTo);
    else await this.#advance(trainer, here);
  }

  async #back(trainer: TrainingPort, here: () => boolean, step: number): Promise<void> {
    await trainer.back(step);
    if (!here()) return;
    this.#backTo = null;
    this.store.setState(({ curve, heldOut }) => ({
      step,
      curve: curve.filter((point) => point.step <= step),
      heldOut: heldOut.filter((look) => look.step <= step),
    }));
    await this.#peek(trainer, here);
  }

  async #advance(trainer: TrainingPort, here: () => boolean): Promise<void> {
    const from = this.#means.now();
    const { crossEntropy, kl } = await trainer.advance();
    if (!here()) return;
    const rate = 1000 / Math.max(1, this.#means.now() - from);
    this.#owed = Math.max(0, this.#owed - 1);
    const { step, curve, speed, recipe } = this.store.getState();
    const point = { step: step + 1, crossEntropy, kl: [...kl] };
    this.store.setState({
      step: point.step,
      curve: [...curve, point],
      speed: speed === null ? rate : 0.9 * speed + 0.1 * rate,
    });
    const last = point.step >= recipe.steps;
    if (last) this.store.setState({ playing: false });
    if (last || looksAt(point.step)) await this.#look(trainer, here);
    if (last || looksAt(point.step) || peeksAt(point.step)) await this.#peek(trainer, here);
  }

  async #peek(trainer: TrainingPort, here: () => boolean): Promise<void> {
    const peek = await trainer.peek();
    if (here()) this.store.setState(peek);
  }

  async #look(trainer: TrainingPort, here: () => boolean): Promise<void> {
    const { figures } = await trainer.look();
    if (here()) this.store.setState(({ heldOut }) => ({ heldOut: [...heldOut, figures] }));
  }
}

/** What tells one run from another, for the legend. */
export function titleOf({ beta, pixels, latent, onlyGrader }: TrainingSettings): Text {
  if (!latent) return say`without z`;
  const parts: Text[] = [`β ${beta}`];
  if (pixels === "mean") parts.push(say`mean`);
  if (onlyGrader !== null) parts.push(say`grader ${onlyGrader + 1} only`);
  return sayAll(parts);
}

/** The last step before the one it is at that can be returned to; null where there is none. */
export function lookBefore({ step, heldOut }: Pick<TrainingState, "step" | "heldOut">): number | null {
  return heldOut.findLast((look) => look.step < step)?.step ?? null;
}
