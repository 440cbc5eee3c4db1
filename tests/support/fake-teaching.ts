import type { MarkedCrop } from "../../src/core/measures/evaluate-case.ts";
import type { CaseFigures } from "../../src/core/measures/evaluation.ts";
import type { ModelFiles } from "../../src/core/network/model.ts";
import type { TeachSettings } from "../../src/core/teach/settings.ts";
import type { FoldRecord, TeachEvent } from "../../src/core/teach/taught.ts";
import { verdictOf } from "../../src/core/teach/verdict.ts";
import type { TaughtFiles, TeachingPort } from "../../src/engine/teach/teaching-port.ts";

/** A teaching that computes nothing: two folds, after which GED² is `change` higher. */
export class FakeTeaching implements TeachingPort {
  /** What was asked, in order. */
  readonly asked: string[] = [];
  readonly crops: MarkedCrop[] = [];
  readonly patients: (string | null)[] = [];
  readonly change: number;
  /** What it was started with. */
  settings: TeachSettings | null = null;
  known: readonly FoldRecord[] = [];
  disposed = false;
  failing: Error | null = null;
  #files: ModelFiles | null = null;
  #turn = 0;

  constructor(change = -0.1) {
    this.change = change;
  }

  async start(files: ModelFiles, settings: TeachSettings, known: readonly FoldRecord[]): Promise<string> {
    this.#files = files;
    this.settings = settings;
    this.known = known;
    await this.#ask("start");
    return "fake";
  }

  async add(marked: MarkedCrop, patient: string | null): Promise<void> {
    this.crops.push(marked);
    this.patients.push(patient);
  }

  async advance(): Promise<TeachEvent> {
    await this.#ask("advance");
    const turn = this.#turn++;
    const fold = (k: number) => ({ fold: k, cases: 1, steps: 50, before: 0.4, after: 0.4 + this.change });
    if (turn === 0) return { kind: "looking", fold: -1, share: 0.1 };
    if (turn === 1) return { kind: "learning", fold: 0, share: 0.3 };
    const figures = (ged2: number) => ({ ged2, hmIou: 0.5, presence: 0.75, diversity: 0.25 }) as unknown as CaseFigures;
    if (turn < 4) {
      const record = { result: fold(turn - 2), after: [figures(0.4 + this.change)] };
      return { kind: "fold", record, share: 0.3 * turn };
    }
    const pair = { before: figures(0.4), after: figures(0.4 + this.change) };
    const verdict = verdictOf([pair, pair], [0, 1]);
    const retouch = verdict.adapted ? new Float32Array(3) : null;
    const folds = [fold(0), fold(1)];
    const taught = { verdict, folds, cases: this.crops.length, patients: null, steps: 50, retouch, deep: null };
    return { kind: "done", taught, share: 1 };
  }

  async model(name: string, cases: string): Promise<TaughtFiles> {
    await this.#ask(`model ${name}`);
    const { config } = this.#files as ModelFiles;
    const weights = [new Uint8Array(8)];
    const [entry] = config.weights as [ModelFiles["config"]["weights"][number]];
    const own = { ...config, name, title: `taught from ${cases}`, weights: [{ ...entry, bytes: 8 }] };
    return { config: own, weights, card: `# ${name}` };
  }

  dispose(): void {
    this.disposed = true;
  }

  /** As over a port, the answer takes a turn of the event loop. */
  async #ask(what: string): Promise<void> {
    this.asked.push(what);
    await new Promise((resolve) => setTimeout(resolve));
    if (this.failing) throw this.failing;
  }
}
