import { createStore, type StoreApi } from "zustand/vanilla";
import { toPlain } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import { DEFAULT_TEACHING, type TeachDepth, type TeachSettings } from "../../../core/teach/settings.ts";
import type { TeachEvent } from "../../../core/teach/taught.ts";
import type { TeachingPort } from "../../../engine/teach/teaching-port.ts";
import { readMarkedCrop } from "../../../io/pack/marked-crop.ts";
import { sentenceOf } from "../../app/notices.ts";
import type { Ports } from "../../app/ports.ts";
import type { ExplorerStore } from "../../app/store.ts";
import { hideJob, showJob } from "../../app/work/tasks.ts";
import type { Library } from "../../cases/library.ts";
import type { PackFacts } from "../pack-facts.ts";
import type { EvaluationState } from "../slice.ts";
import { teachingKey } from "./kept-teachings.ts";
import { NextRun } from "./next-run.ts";
import { nameOfTaught, zipOfTaught } from "./taught-zip.ts";
import { FIRST_TEACHING, NOTHING_YET, type TeachState } from "./teach-state.ts";

/**
 * Teaches the page's model the graders of the chosen pack, in a worker of its own: one run at a time, which goes on while
 * another view is shown. Finished folds are kept on this machine: after a reload a run goes on behind them.
 */
export class TeachRun {
  readonly store: StoreApi<TeachState> = createStore<TeachState>(() => FIRST_TEACHING);
  readonly #explorer: ExplorerStore;
  readonly #library: Library;
  readonly #teacher: Ports["teacher"];
  readonly #next: NextRun;
  /** Under which the folds of the last run are kept. */
  #key: string | null = null;
  #port: TeachingPort | null = null;
  /** Counts runs: what an earlier one still answers is dropped. */
  #run = 0;
  /** The current run is at it; one that was paused a moment ago may still be, and then goes on by itself. */
  #working = false;

  constructor(
    explorer: ExplorerStore,
    evaluated: StoreApi<EvaluationState>,
    library: Library,
    { teacher, teachings }: Pick<Ports, "teacher" | "teachings">,
    settings: TeachSettings = DEFAULT_TEACHING,
  ) {
    this.#explorer = explorer;
    this.#library = library;
    this.#teacher = teacher;
    this.#next = new NextRun(this.store, explorer, evaluated, teachings, settings);
  }

  /** How far down the next run reaches. */
  reach(depth: TeachDepth): void {
    this.#next.reach(depth);
  }

  /** Teaches the model on the page from the chosen pack; behind the folds that are kept of the same run. */
  start(): void {
    const chosen = this.#next.chosen();
    if (!chosen || this.store.getState().stage !== "idle") return;
    const { pack, model, settings } = chosen;
    const run = ++this.#run;
    this.#giveUp();
    const asked = { pack, model: model.name, title: model.config.title };
    this.store.setState({ ...NOTHING_YET, stage: "running", asked, what: say`Starting` });
    this.#report();
    void this.#work(run, async () => {
      const files = { config: model.config, weights: await this.#library.weights(model, {}) };
      const key = teachingKey(pack.key, model.config, settings);
      const records = await this.#next.folds.of(key);
      const port = await this.#teacher();
      if (run !== this.#run) return port.dispose();
      this.#port = port;
      this.#key = key;
      this.#next.folds.begin(key, pack.title, model.config, settings.folds);
      const runsOn = await port.start(files, settings, records);
      if (run === this.#run) this.store.setState({ runsOn });
      await this.#handOver(run, port, pack, model.config.preprocessing.size);
      await this.#advance(run, port);
    });
  }

  /** From the beginning: what is kept of the same run is forgotten. */
  async startOver(): Promise<void> {
    const chosen = this.#next.chosen();
    if (!chosen || this.store.getState().stage !== "idle") return;
    await this.#next.forget(teachingKey(chosen.pack.key, chosen.model.config, chosen.settings));
    this.start();
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
    const key = this.#key;
    this.#key = null;
    void (key === null ? this.#next.look() : this.#next.forget(key));
  }

  /** What was taught as a zip of a model folder. @throws WorkerLost */
  async saved(): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
    const { asked } = this.store.getState();
    const title = asked?.pack.title ?? "";
    const name = nameOfTaught(asked?.model ?? "", title);
    const files = await (this.#port as TeachingPort).model(name, title);
    return { name: `${name}.zip`, bytes: await zipOfTaught(name, files) };
  }

  /** It is in the menu of models now. */
  wasKept(name: string): void {
    this.store.setState({ keptAs: name });
  }

  dispose(): void {
    this.#next.dispose();
    this.#run++;
    this.#giveUp();
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
    if (event.kind === "fold") {
      this.store.setState(({ folds }) => ({ folds: [...folds, event.record.result] }));
      void this.#next.folds.keep(event.record);
    } else if (event.kind === "done") {
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
