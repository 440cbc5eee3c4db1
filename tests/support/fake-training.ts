import type { HeldOutLook, StepFigures } from "../../src/core/training/held-out.ts";
import type { TrainingSettings } from "../../src/core/training/settings.ts";
import type { TrainedModel, TrainingPort } from "../../src/engine/train/training-port.ts";

/** A training that computes nothing: its figures say which step and which run they are of. */
export class FakeTraining implements TrainingPort {
  /** What was asked, in order. */
  readonly asked: string[] = [];
  step = 0;
  settings: TrainingSettings | null = null;
  /** What the next call fails with. */
  failing: Error | null = null;
  disposed = false;

  async start(settings: TrainingSettings) {
    await this.#ask("start");
    this.settings = settings;
    this.step = 0;
    const size = settings.region;
    const one = { image: new Float32Array(size * size), masks: settings.habits.map(() => new Uint8Array(size * size)) };
    return { backend: "fake", weights: 7, cases: [one, one] };
  }

  async advance(): Promise<StepFigures> {
    await this.#ask("advance");
    this.step++;
    const kl = new Float32Array(this.settings?.axes ?? 1).fill(this.settings?.beta ?? 0);
    return { loss: 100 / this.step, crossEntropy: 100 / this.step, kl };
  }

  async peek() {
    await this.#ask("peek");
    return { samples: this.#samples(), planes: this.#samples() };
  }

  async back(step: number): Promise<void> {
    await this.#ask(`back ${step}`);
    this.step = step;
  }

  async look(): Promise<HeldOutLook> {
    await this.#ask("look");
    const { axes = 1, habits = [] } = this.settings ?? {};
    const kl = new Float32Array(axes).fill(0.5);
    const figures = { step: this.step, crossEntropy: 90 / (this.step + 1), kl, effect: kl };
    const compared = {
      ged2: 1 / (this.step + 1),
      diversity: 0.2,
      graderSpread: 0.4,
      samples: { empty: 0, areaPx: 50 },
    };
    const lines = habits.map(({ name }) => ({ name, empty: 0.25, areaPx: 60, nearest: 0.25 }));
    return { figures: { ...figures, ...compared, habits: lines }, samples: this.#samples() };
  }

  async model(name: string): Promise<TrainedModel> {
    await this.#ask("model");
    return {
      config: { name, preprocessing: { size: this.settings?.region } } as TrainedModel["config"],
      weights: new Uint8Array(8),
    };
  }

  dispose(): void {
    this.disposed = true;
  }

  #samples() {
    const size = this.settings?.region ?? 32;
    return [new Float32Array(16 * size * size), new Float32Array(16 * size * size)];
  }

  /** As over a port, the answer takes a turn of the event loop. */
  async #ask(what: string): Promise<void> {
    this.asked.push(what);
    await new Promise((resolve) => setTimeout(resolve));
    if (this.failing) throw this.failing;
  }
}
