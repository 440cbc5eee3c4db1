import type { StoreApi } from "zustand/vanilla";
import { weightsHash } from "../../../core/config/weights-hash.ts";
import { isAbort, throwIfAborted } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import { cohortFigures } from "../../../core/lesion/cohort/cohort-figures.ts";
import { type LesionsOfRows, lesionsOf, type SlicedLesion } from "../../../core/lesion/cohort/lesion-slices.ts";
import { drawnByAll, readGraders, readSamples } from "../../../core/lesion/cohort/read-lesion.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../../core/lesion/coupling.ts";
import { thresholdsText } from "../../../core/lesion/decisions.ts";
import type { ReadLesion } from "../../../core/lesion/nodule-figures.ts";
import type { SampledLesion } from "../../../core/lesion/sample-lesion.ts";
import type { Task } from "../../../core/network/encoding.ts";
import type { Pack } from "../../../io/pack/pack.ts";
import { packLesionRows } from "../../../io/pack/pack-lesion-rows.ts";
import { packLesions, whyNoLesions } from "../../../io/pack/pack-lesions.ts";
import { sentenceOf } from "../../app/notices.ts";
import type { EnginePort, Ports } from "../../app/ports.ts";
import type { State } from "../../app/shape.ts";
import type { ExplorerStore } from "../../app/store.ts";
import { InStep } from "../../app/work/in-step.ts";
import { KeyedTask } from "../../app/work/keyed-task.ts";
import type { Library } from "../../cases/library.ts";
import { fetchModel, modelNamed } from "../../models/load.ts";
import type { PackFacts } from "../pack-facts.ts";
import type { EvaluationState } from "../slice.ts";
import { wishLesions } from "./actions.ts";
import type { FailedLesion, LesionsDraw, LesionsOfPack } from "./lesions-of-pack.ts";

/** What the graders of one pack made of its lesions. */
interface GradersHalf extends Pick<LesionsOfPack, "found" | "lesions" | "read" | "failed"> {
  readonly key: string;
}

/** Lesions by their place among those of the graders' half: which are still to be drawn, and what was drawn. */
interface Undrawn {
  readonly left: readonly { readonly lesion: SlicedLesion; readonly at: number }[];
  readonly known: Map<number, SampledLesion>;
}

/**
 * Measures the lesions of the chosen pack while their view is shown: the graders' half by itself, without a network; a
 * model's when it is started, which goes on while other views are shown. The page has its turn between slices. What was
 * read or drawn is kept, so that a run that was cancelled goes on where it was.
 */
export class LesionsThroughPack {
  private readonly explorer: ExplorerStore;
  private readonly evaluated: StoreApi<EvaluationState>;
  private readonly library: Library;
  private readonly nextTurn: Ports["nextTurn"];
  private readonly port: () => Promise<EnginePort>;
  private readonly task: KeyedTask;
  private readonly inStep: InStep;
  /** What the last pass went by; a pass of the same does nothing. */
  private before: readonly unknown[] = [];
  private graders: GradersHalf | null = null;
  /** Of one draw, by the lesion's place among those of the graders' half. */
  private sampled: { readonly key: string; readonly lesions: Map<number, SampledLesion> } = {
    key: "",
    lesions: new Map(),
  };

  constructor(
    explorer: ExplorerStore,
    evaluated: StoreApi<EvaluationState>,
    library: Library,
    { nextTurn }: Pick<Ports, "nextTurn">,
    port: () => Promise<EnginePort>,
  ) {
    this.explorer = explorer;
    this.evaluated = evaluated;
    this.library = library;
    this.nextTurn = nextTurn;
    this.port = port;
    this.task = new KeyedTask(explorer, "lesions", say`Reading the lesions`);
    this.inStep = new InStep([explorer, evaluated], () => this.follow());
  }

  /** Draws the samples that are wished for; goes on where a run of the same was cancelled. */
  start(): void {
    const pack = this.chosen();
    const draw = pack && drawWanted(this.explorer.getState(), pack);
    if (!draw) return;
    this.task.retry();
    wishLesions(this.explorer, { model: draw.model }); // another model on the page does not end the run
    this.explorer.setState({ lesionsAsked: draw.key });
    this.followAgain();
  }

  /** The graders' half stays, or goes on: what was asked of a model is asked no more. */
  cancel(): void {
    this.task.cancel();
    this.explorer.setState({ lesionsAsked: null });
  }

  retry(): void {
    this.task.retry();
    this.followAgain();
  }

  dispose(): void {
    this.inStep.dispose();
    this.task.stop();
  }

  /** The pack whose list of cases is read; null while that of another is. */
  private chosen(): PackFacts | null {
    const { pack, settings } = this.evaluated.getState();
    return pack?.shelf === settings.shelf ? pack : null;
  }

  private follow(): void {
    const state = this.explorer.getState();
    const pack = this.chosen();
    const { view, lesionsWish, lesionsAsked, lesionThresholds, lesionsOfPack, models } = state;
    const now = [view, lesionsWish, lesionsAsked, lesionThresholds, lesionsOfPack, models, state.intent.model, pack];
    if (now.every((one, i) => one === this.before[i])) return;
    this.before = now;
    this.keepInStep(state, pack);
  }

  private followAgain(): void {
    this.before = [];
    this.inStep.follow();
  }

  private keepInStep(state: State, pack: PackFacts | null): void {
    const wanted = pack && drawWanted(state, pack);
    const draw = wanted?.key === state.lesionsAsked ? wanted : null;
    const shown = state.lesionsOfPack?.value;
    const stale =
      shown && (!pack || packKey(shown.pack) !== packKey(pack) || (shown.drawn && shown.drawn.key !== draw?.key));
    if (stale) this.explorer.setState({ lesionsOfPack: null });
    const isOpen = draw !== null && shown?.drawn?.key !== draw.key;
    const key =
      pack && (state.view === "lesions" || isOpen)
        ? JSON.stringify([draw?.key ?? packKey(pack), thresholdsText(state.lesionThresholds.thresholds)])
        : null;
    this.task.want(key, this.explorer.getState().lesionsOfPack?.key, (task, doing) =>
      this.run(key as string, pack as PackFacts, draw, task, doing),
    );
  }

  private async run(
    key: string,
    facts: PackFacts,
    draw: LesionsDraw | null,
    task: Task,
    doing: (what: Text) => void,
  ): Promise<void> {
    const { thresholds } = this.explorer.getState().lesionThresholds;
    const pack = await this.library.pack(facts.shelf);
    const pause = async () => {
      await this.nextTurn();
      throwIfAborted(task.signal);
    };
    const why = whyNoLesions(pack);
    const half = await this.gradersOf(facts, pack, { ...task, pause });
    const show = async (as: string, read: readonly ReadLesion[], drawn: LesionsDraw | null) => {
      const figures = await cohortFigures(read, thresholds, { model: drawn !== null, law: null }, pause);
      const { found, lesions, failed } = half;
      const value: LesionsOfPack = {
        ...{ pack: facts, found, lesions, read, failed, drawn, figures },
        why: why && say`${why.problem}; ${why.remedy}.`,
      };
      this.explorer.setState({ lesionsOfPack: { key: as, value } });
    };
    if (!draw) return show(key, half.read, null);
    if (!this.explorer.getState().lesionsOfPack) await show("before the samples", half.read, null);
    await show(key, await this.withSamples(half, pack, draw, { ...task, pause }, doing), draw);
  }

  private async gradersOf(facts: PackFacts, pack: Pack, task: Task): Promise<GradersHalf> {
    const key = packKey(facts);
    if (this.graders?.key === key) return this.graders;
    const found: LesionsOfRows = lesionsOf(packLesionRows(pack));
    const source = packLesions(pack);
    const lesions: SlicedLesion[] = [];
    const read: ReadLesion[] = [];
    const failed: FailedLesion[] = [];
    const graders = async (row: number) => {
      await task.pause?.();
      return source.graders(row);
    };
    for (const [done, lesion] of found.lesions.entries()) {
      task.onProgress?.(done / found.lesions.length);
      try {
        const one = await readGraders(lesion, { graders });
        if (!drawnByAll(one)) continue;
        lesions.push(lesion);
        read.push(one);
      } catch (error) {
        if (isAbort(error)) throw error;
        failed.push({ lesion, sentence: sentenceOf(error) });
      }
    }
    this.graders = { key, found, lesions, read, failed };
    return this.graders;
  }

  private async withSamples(
    { lesions, read }: GradersHalf,
    pack: Pack,
    draw: LesionsDraw,
    task: Task,
    doing: (what: Text) => void,
  ): Promise<ReadLesion[]> {
    if (this.sampled.key !== draw.key) this.sampled = { key: draw.key, lesions: new Map() };
    const known = this.sampled.lesions;
    const left = lesions.flatMap((lesion, at) => (known.has(at) ? [] : [{ lesion, at }]));
    if (left.length > 0) {
      const choice = modelNamed(this.explorer.getState(), draw.model);
      const { model } = await fetchModel(await this.port(), this.library, choice, task, doing);
      try {
        await this.draw(model, { left, known }, pack, draw, task, doing);
      } finally {
        model.dispose();
      }
    }
    return read.map((one, at) => ({ ...one, sampled: known.get(at) ?? null }));
  }

  private async draw(
    model: Parameters<typeof readSamples>[0],
    { left, known }: Undrawn,
    pack: Pack,
    draw: LesionsDraw,
    { signal, onProgress, pause }: Task,
    doing: (what: Text) => void,
  ): Promise<void> {
    const source = packLesions(pack);
    const { seed, count, threshold } = draw;
    const order = { seed, count, threshold, coupling: couplingNamed(draw.coupling) };
    const slices = left.reduce((sum, { lesion }) => sum + lesion.slices.length, 0);
    let done = 0;
    doing(say`Drawing ${count} samples of ${left.length === 1 ? say`a lesion` : say`${left.length} lesions`}`);
    const crop = (row: number) => {
      onProgress?.(done++ / slices);
      return source.crop(row);
    };
    const quietly = { ...(signal && { signal }), ...(pause && { pause }) }; // a single decode's progress is none of the run's
    for (const { lesion, at } of left)
      known.set(at, await readSamples(model, lesion, { ...source, crop }, order, quietly));
  }
}

/** The draw that is wished for; null where the page does not know the model. */
function drawWanted(state: State, pack: PackFacts): LesionsDraw | null {
  const { count, seed, model } = state.lesionsWish;
  const found = state.models.find(({ name }) => name === (model ?? state.intent.model));
  if (!found) return null;
  const { name, config } = found;
  const { title, threshold } = config;
  const key = JSON.stringify([packKey(pack), name, weightsHash(config), count, seed]);
  return { key, model: name, title, count, seed, threshold, coupling: DEFAULT_COUPLING };
}

function packKey({ shelf, key }: PackFacts): string {
  return `${shelf} ${key}`;
}
