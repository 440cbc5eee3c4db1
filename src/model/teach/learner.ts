import { shuffle } from "../../core/random/random.ts";
import type { LinearHead } from "../../core/teach/linear-head.ts";
import { caseLoss } from "../../core/teach/loss/case-loss.ts";
import { addRetouchGradient, type Retouch, retouched, retouchPlaces } from "../../core/teach/retouch.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import type { TeachCase } from "../../core/teach/teach-case.ts";
import { antitheticDraws } from "../../core/teach/teach-draws.ts";
import { adamStep, type Checkpoint } from "../train/adam.ts";

const STREAM = { order: 72, draws: 73 };
/** Memory of the moving average of the retouch, in steps to 1/e; shorter at first. */
const MEMORY = 50;

/** A retouch that is learnt from some cases: the same (settings, cases) give the same numbers everywhere. */
export class Learner {
  readonly #head: LinearHead;
  readonly #cases: readonly TeachCase[];
  readonly #settings: TeachSettings;
  readonly #stream: number;
  #state: Checkpoint;
  #average: Retouch;
  #waiting: number[] = [];
  #rounds = 0;

  /** `stream` tells learners of one seed apart. */
  constructor(head: LinearHead, cases: readonly TeachCase[], settings: TeachSettings, stream: number) {
    const zeros = new Float32Array(retouchPlaces(head).length);
    this.#head = head;
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
  get retouch(): Retouch {
    return this.#average;
  }

  /** One step of Adam on a batch; gives its mean loss before the step. */
  advance(): number {
    const { batch, stay, rate, seed, draws: count } = this.#settings;
    const { step, weights } = this.#state;
    const gradient = weights.map((value) => 2 * stay * value);
    let loss = weights.reduce((sum, value) => sum + stay * value * value, 0);
    const chosen = this.#next(Math.min(batch, this.#cases.length));
    for (const [place, { seen, maps, prior, masks }] of chosen.entries()) {
      const draws = antitheticDraws(this.#head, prior, seen, count, seed, [STREAM.draws, this.#stream, step, place]);
      const own = retouched(this.#head, maps, weights);
      const found = caseLoss(this.#head, seen, own, draws, masks, this.#settings);
      loss += found.loss / chosen.length;
      addRetouchGradient(this.#head, maps, found.gradient, found.gate, 1 / chosen.length, gradient);
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
