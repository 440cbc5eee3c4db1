import { createStore, type StoreApi } from "zustand/vanilla";
import { type PlainError, toPlain } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import { DEFAULT_TEACHING, TEACH_DEPTHS, type TeachDepth, type TeachSettings } from "../../../core/teach/settings.ts";
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
import { FinishedFolds } from "./finished-folds.ts";
import { type LeftTeaching, teachingKey } from "./kept-teachings.ts";

export interface TeachState {
  /** How far down the next run reaches. */
  readonly depth: TeachDepth;
  /** Folds that are kept of the same run, of pack, model and depth as they are chosen. */
  readonly keptFolds: number;
  /** Runs that were left, of packs that are not open. */
  readonly elsewhere: readonly LeftTeaching[];
  /** Folds cannot be kept here: a reload loses them. */
  readonly keepsNothing: boolean;
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

type Outcome = Omit<TeachState, "depth" | "keptFolds" | "elsewhere" | "keepsNothing">;

const NOTHING_YET: Outcome = {
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
 * another view is shown. Finished folds are kept on this machine: after a reload a run goes on behind them.
 */
export class TeachRun {
  readonly store: StoreApi<TeachState> = createStore<TeachState>(() => ({
    ...NOTHING_YET,
    ...{ depth: "head", keptFolds: 0, elsewhere: [], keepsNothing: false },
  }));
  readonly #explorer: ExplorerStore;
  readonly #evaluated: StoreApi<EvaluationState>;
  readonly #library: Library;
  readonly #teacher: Ports["teacher"];
  readonly #folds: FinishedFolds;
  /** Under which the folds of the last run are kept. */
  #key: string | null = null;
  #looks = 0;
  /** The depth was chosen by hand: a run of another depth that was left does not overrule it. */
  #reached = false;
  readonly #unsubscribe: readonly (() => void)[];
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
    { teacher, teachings }: Pick<Ports, "teacher" | "teachings">,
    settings: TeachSettings = DEFAULT_TEACHING,
  ) {
    this.#explorer = explorer;
    this.#evaluated = evaluated;
    this.#library = library;
    this.#teacher = teacher;
    this.#settings = settings;
    this.#folds = new FinishedFolds(teachings, () => this.store.setState({ keepsNothing: true }));
    this.#unsubscribe = [
      evaluated.subscribe(({ pack }, before) => pack !== before.pack && void this.#look()),
      explorer.subscribe(({ intent, entries, onMachine, models }, before) => {
        const same = intent.model === before.intent.model && models === before.models;
        if (!same || entries !== before.entries || onMachine !== before.onMachine) void this.#look();
      }),
    ];
    void this.#look();
  }

  /** How far down the next run reaches. */
  reach(depth: TeachDepth): void {
    if (this.store.getState().stage !== "idle") return;
    this.#reached = true;
    this.store.setState({ depth });
    void this.#look();
  }

  /** Teaches the model on the page from the chosen pack; behind the folds that are kept of the same run. */
  start(): void {
    const chosen = this.#chosen();
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
      const records = await this.#folds.of(key);
      const port = await this.#teacher();
      if (run !== this.#run) return port.dispose();
      this.#port = port;
      this.#key = key;
      this.#folds.begin(key, pack.title, model.config, settings.folds);
      const runsOn = await port.start(files, settings, records);
      if (run === this.#run) this.store.setState({ runsOn });
      await this.#handOver(run, port, pack, model.config.preprocessing.size);
      await this.#advance(run, port);
    });
  }

  /** From the beginning: what is kept of the same run is forgotten. */
  async startOver(): Promise<void> {
    const chosen = this.#chosen();
    if (!chosen || this.store.getState().stage !== "idle") return;
    await this.#forgetKept(teachingKey(chosen.pack.key, chosen.model.config, chosen.settings));
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
    void (key === null ? this.#look() : this.#forgetKept(key));
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
    for (const stop of this.#unsubscribe) stop();
    this.#looks++;
    this.#run++;
    this.#giveUp();
  }

  /** Pack, model and settings of a run that would be started now; null while the pack's list is being read. */
  #chosen() {
    const { pack, settings } = this.#evaluated.getState();
    if (!pack || pack.shelf !== settings.shelf) return null;
    const model = modelNamed(this.#explorer.getState(), this.#explorer.getState().intent.model);
    return { pack, model, settings: { ...this.#settings, depth: this.store.getState().depth } };
  }

  /** What was left before: of what is chosen, and of packs that are not open. */
  async #look(): Promise<void> {
    const look = ++this.#looks;
    const chosen = this.#chosen();
    const { depth: now, stage } = this.store.getState();
    const depths = this.#reached || stage !== "idle" ? [now] : [now, ...TEACH_DEPTHS.filter((one) => one !== now)];
    let [depth, keptFolds] = [now, 0];
    for (const one of depths) {
      if (!chosen || keptFolds > 0) break;
      const key = teachingKey(chosen.pack.key, chosen.model.config, { ...chosen.settings, depth: one });
      keptFolds = (await this.#folds.of(key)).length;
      if (keptFolds > 0) depth = one;
    }
    const elsewhere = await this.#folds.elsewhere(this.#explorer.getState());
    if (look === this.#looks) this.store.setState({ keptFolds, elsewhere, depth });
  }

  async #forgetKept(key: string): Promise<void> {
    await this.#folds.forget(key);
    await this.#look();
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
    if (event.kind === "fold") {
      this.store.setState(({ folds }) => ({ folds: [...folds, event.record.result] }));
      void this.#folds.keep(event.record);
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
