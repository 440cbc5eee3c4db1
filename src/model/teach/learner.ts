import { shuffle } from "../../core/random/random.ts";
import { caseLoss } from "../../core/teach/loss/case-loss.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import type { TeachCase } from "../../core/teach/teach-case.ts";
import { antitheticDraws } from "../../core/teach/teach-draws.ts";
import { adamStep, type Checkpoint } from "../train/adam.ts";
import type { Student } from "./student.ts";

const STREAM = { order: 72, draws: 73 };
/** Memory of the moving average of the numbers, in steps to 1/e; shorter at first. */
const MEMORY = 50;

/** A student's numbers that are learnt from some cases: the same (settings, cases) give the same numbers on one backend. */
export class Learner {
  readonly #student: Student;
  readonly #cases: readonly TeachCase[];
  readonly #settings: TeachSettings;
  readonly #stream: number;
  #state: Checkpoint;
  #average: Float32Array;
  #waiting: number[] = [];
  #rounds = 0;

  /** `stream` tells learners of one seed apart. */
  constructor(student: Student, cases: readonly TeachCase[], settings: TeachSettings, stream: number) {
    const zeros = new Float32Array(student.length);
    this.#student = student;
    this.#cases = cases;
    this.#settings = settings;
    this.#stream = stream;
    this.#state = { step: 0, weights: zeros, mean: zeros, square: zeros };
    this.#average = zeros;
  }

  get step(): number {
    return this.#state.step;
  }

  /** Moving average over the steps: what a batch's cases had of their own is out of it. */
  get numbers(): Float32Array {
    return this.#average;
  }

  /** One step of Adam on a batch; gives its mean loss before the step. */
  async advance(): Promise<number> {
    const { batch, rate, seed, draws: count } = this.#settings;
    const { step, weights } = this.#state;
    const student = this.#student;
    const { head } = student;
    const gradient = new Float32Array(weights.length);
    let loss = 0;
    for (const [i, value] of weights.entries()) {
      const stay = student.stay(this.#settings, i);
      loss += stay * value * value;
      gradient[i] = 2 * stay * value;
    }
    const chosen = this.#next(Math.min(batch, this.#cases.length));
    for (const [place, one] of chosen.entries()) {
      const { seen, prior, masks } = one;
      const draws = antitheticDraws(head, prior, seen, count, seed, [STREAM.draws, this.#stream, step, place]);
      const own = await student.maps(one, weights);
      const found = caseLoss(head, seen, own, draws, masks, this.#settings);
      loss += found.loss / chosen.length;
      await student.addGradient(one, weights, found, 1 / chosen.length, gradient);
    }
    this.#state = adamStep(this.#state, gradient, rate);
    const kept = Math.min(1 - 1 / MEMORY, (1 + step) / (10 + step));
    this.#average = this.#average.map((old, i) => kept * old + (1 - kept) * (this.#state.weights[i] as number));
    return loss;
  }

  /** Cases in random order, each once a round. */
  #next(count: number): TeachCase[] {
    while (this.#waiting.length < count) {
      const all = [...this.#cases.keys()];
      this.#waiting.push(...shuffle(this.#settings.seed, [STREAM.order, this.#stream, this.#rounds++], all));
    }
    return this.#waiting.splice(0, count).map((i) => this.#cases[i] as TeachCase);
  }
}
