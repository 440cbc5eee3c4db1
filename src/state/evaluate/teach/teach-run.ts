import { createStore, type StoreApi } from "zustand/vanilla";
import { type PlainError, toPlain } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import { DEFAULT_TEACHING, type TeachSettings } from "../../../core/teach/settings.ts";
import type { FoldResult, Taught, TeachEvent } from "../../../core/teach/taught.ts";
import type { TaughtFiles, TeachingPort } from "../../../engine/teach/teaching-port.ts";
import { readMarkedCrop } from "../../../io/pack/marked-crop.ts";
import { sentenceOf } from "../../app/notices.ts";
import type { Ports } from "../../app/ports.ts";
import type { ExplorerStore } from "../../app/store.ts";
import { hideJob, showJob } from "../../app/work/tasks.ts";
import type { Library } from "../../cases/library.ts";
import { modelNamed } from "../../models/load.ts";
import type { PackFacts } from "../pack-facts.ts";
import type { EvaluationState, FailedCase } from "../slice.ts";

export interface TeachState {
  readonly stage: "idle" | "running" | "paused";
  /** What a run is or was of. */
  readonly asked: { readonly pack: PackFacts; readonly model: string; readonly title: string } | null;
  /** What is being done, for people. */
  readonly what: Text;
  /** Of all the work, in [0, 1]. */
  readonly share: number;
  /** What it runs on, in words; empty until the worker answers. */
  readonly runsOn: string;
  readonly folds: readonly FoldResult[];
  readonly folding: number;
  readonly failed: readonly FailedCase[];
  readonly taught: Taught | null;
  /** Under which name what was taught is in the menu of models; null: it is not. */
  readonly keptAs: string | null;
  readonly stopped: PlainError | null;
}

const NOTHING_YET: TeachState = {
  stage: "idle",
  asked: null,
  what: "",
  share: 0,
  runsOn: "",
  folds: [],
  folding: DEFAULT_TEACHING.folds,
  failed: [],
  taught: null,
  keptAs: null,
  stopped: null,
};

/**
 * Teaches the page's model the graders of the chosen pack, in a worker of its own: one run at a time, which goes on while
 * another view is shown. Its steps live in that worker alone: a pause is gone on with, a reload is not.
 */
export class TeachRun {
  readonly store: StoreApi<TeachState> = createStore<TeachState>(() => NOTHING_YET);
  readonly #explorer: ExplorerStore;
  readonly #evaluated: StoreApi<EvaluationState>;
  readonly #library: Library;
  readonly #teacher: Ports["teacher"];
  readonly #settings: TeachSettings;
  #port: TeachingPort | null = null;
  /** Counts runs: what an earlier one still answers is dropped. */
  #run = 0;
  /** The current run is at it; one that was paused a moment ago may still be, and then goes on by itself. */
  #working = false;

  constructor(
    explorer: ExplorerStore,
    evaluated: StoreApi<EvaluationState>,
    library: Library,
    { teacher }: Pick<Ports, "teacher">,
    settings: TeachSettings = DEFAULT_TEACHING,
  ) {
    this.#explorer = explorer;
    this.#evaluated = evaluated;
    this.#library = library;
    this.#teacher = teacher;
    this.#settings = settings;
  }

  /** Teaches the model on the page from the chosen pack, from the beginning. */
  start(): void {
    const { pack, settings } = this.#evaluated.getState();
    if (!pack || pack.shelf !== settings.shelf || this.store.getState().stage !== "idle") return;
    const run = ++this.#run;
    this.#giveUp();
    const model = modelNamed(this.#explorer.getState(), this.#explorer.getState().intent.model);
    const asked = { pack, model: model.name, title: model.config.title };
    this.store.setState({ ...NOTHING_YET, stage: "running", asked, what: say`Starting` });
    this.#report();
    void this.#work(run, async () => {
      const files = { config: model.config, weights: await this.#library.weights(model, {}) };
      const port = await this.#teacher();
      if (run !== this.#run) return port.dispose();
      this.#port = port;
      const runsOn = await port.start(files, this.#settings, []);
      if (run === this.#run) this.store.setState({ runsOn });
      await this.#handOver(run, port, pack, model.config.preprocessing.size);
      await this.#advance(run, port);
    });
  }

  /** After the steps that are being taken. */
  pause(): void {
    if (this.store.getState().stage !== "running" || this.store.getState().runsOn === "") return;
    this.store.setState({ stage: "paused" });
    this.#report();
  }

  resume(): void {
    const port = this.#port;
    if (this.store.getState().stage !== "paused" || !port) return;
    this.store.setState({ stage: "running" });
    this.#report();
    const run = this.#run;
    if (!this.#working) void this.#work(run, () => this.#advance(run, port));
  }

  /** Ends the run and forgets what it found, or what was found before. */
  forget(): void {
    this.#run++;
    this.#giveUp();
    this.store.setState(NOTHING_YET);
    this.#report();
  }

  /** What was taught as a zip of a model folder. @throws WorkerLost */
  async saved(): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
    const name = this.#name();
    const { config, weights, card } = await this.#files(name);
    const text = (value: string) => new TextEncoder().encode(value);
    const { writeZip } = await import("../../../io/bytes/zip-write.ts");
    const files: Record<string, Uint8Array> = {
      [`${name}/config.json`]: text(`${JSON.stringify(config, null, 1)}
`),
      [`${name}/README.md`]: text(card),
    };
    for (const [i, { file }] of config.weights.entries()) files[`${name}/${file}`] = weights[i] as Uint8Array;
    return { name: `${name}.zip`, bytes: writeZip(files) };
  }

  /** It is in the menu of models now. */
  wasKept(name: string): void {
    this.store.setState({ keptAs: name });
  }

  dispose(): void {
    this.#run++;
    this.#giveUp();
  }

  #name(): string {
    const { asked } = this.store.getState();
    const pack = (asked?.pack.title ?? "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "");
    return `${asked?.model}-${pack.slice(0, 40) || "taught"}`;
  }

  async #files(name: string): Promise<TaughtFiles> {
    const { asked } = this.store.getState();
    return (this.#port as TeachingPort).model(name, asked?.pack.title ?? "");
  }

  /** Reads the pack's cases and gives them to the worker; one that cannot be read is left out and named. */
  async #handOver(run: number, port: TeachingPort, facts: PackFacts, size: number): Promise<void> {
    const pack = await this.#library.pack(facts.shelf);
    for (const [row, { id }] of facts.cases.entries()) {
      if (run !== this.#run) return;
      this.store.setState({ what: say`Reading case ${row + 1} of ${facts.cases.length}` });
      try {
        await port.add(await readMarkedCrop(pack, row, size), facts.patients?.[row] ?? null);
      } catch (error) {
        const sentence = sentenceOf(error);
        this.store.setState(({ failed }) => ({ failed: [...failed, { row, id, sentence }] }));
      }
    }
  }

  async #advance(run: number, port: TeachingPort): Promise<void> {
    while (run === this.#run && this.store.getState().stage === "running") {
      const event = await port.advance();
      if (this.#port !== port) return; // forgotten meanwhile
      this.#take(event);
    }
  }

  #take(event: TeachEvent): void {
    this.store.setState({ share: event.share });
    if (event.kind === "fold") this.store.setState(({ folds }) => ({ folds: [...folds, event.record.result] }));
    else if (event.kind === "done") {
      this.store.setState({ stage: "idle", what: "", taught: event.taught, folding: event.taught.folds.length });
    } else this.store.setState({ what: WHAT[event.kind](event.fold + 1, this.store.getState().folding) });
    this.#report();
  }

  async #work(run: number, work: () => Promise<void>): Promise<void> {
    this.#working = true;
    try {
      await work();
    } catch (error) {
      if (run !== this.#run) return;
      this.#giveUp();
      this.store.setState({ stage: "idle", what: "", stopped: toPlain(error) });
      this.#report();
    } finally {
      if (run === this.#run) this.#working = false;
    }
  }

  #giveUp(): void {
    this.#port?.dispose();
    this.#port = null;
  }

  /** The status line of the page tells of a run while another view is open. */
  #report(): void {
    const { stage, share, what } = this.store.getState();
    if (stage === "running") showJob(this.#explorer, "teach", { progress: share, what: say`Teaching: ${what}` });
    else hideJob(this.#explorer, "teach");
  }
}

const WHAT = {
  looking: () => say`The model looks at each case`,
  learning: (fold: number, folds: number) => say`Fold ${fold} of ${folds}: learning from the others`,
  judging: (fold: number, folds: number) => say`Fold ${fold} of ${folds}: judging the cases held out`,
  finishing: () => say`Learning from all cases`,
} as const;
