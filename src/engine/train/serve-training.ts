import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { HeldOutLook, StepFigures } from "../../core/training/held-out.ts";
import type { TrainingSettings } from "../../core/training/settings.ts";
import type { Checkpoint } from "../../model/train/adam.ts";
import { exportModel } from "../../model/train/export-model.ts";
import { Training } from "../../model/train/training.ts";
import { type Backend, chooseBackend } from "../backends/backend.ts";
import { type Port, serveCalls } from "../calls/calls.ts";
import type { Peek, StartedTraining, TrainedModel } from "./training-port.ts";

/** Held-out cases whose pictures and samples are shown. */
const SHOWN = 2;
/** Places along each side of a latent plane. */
const PLANE = 5;

/** Answers a page's calls with the training that was started last (training-port.ts). Returns how to stop. */
export function serveTraining<Options>(port: Port, backendsOf: (options: Options) => readonly Backend[]): () => void {
  let backend: Promise<string> | null = null;
  let training: Training | null = null;
  const checkpoints = new Map<number, Checkpoint>();
  const current = (): Training => {
    if (training === null) throw new GraderspaceError("BadArgument", { problem: say`no training was started` });
    return training;
  };
  return serveCalls(port, {
    start: {
      run: async ([options, settings]): Promise<StartedTraining> => {
        backend ??= started(backendsOf(options as Options));
        const name = await backend;
        checkpoints.clear();
        training = new Training(settings as TrainingSettings);
        return { backend: name, weights: training.network.layout.length, cases: training.heldOut.slice(0, SHOWN) };
      },
    },
    advance: { run: (): Promise<StepFigures> => current().advance() },
    peek: {
      run: async (): Promise<Peek> => {
        return { samples: await current().peek(SHOWN), planes: await current().planes(SHOWN, PLANE) };
      },
      moves: true,
    },
    look: {
      run: (): Promise<HeldOutLook> => {
        const { checkpoint } = current().network;
        checkpoints.set(checkpoint.step, checkpoint);
        return current().look(0);
      },
    },
    back: {
      run: ([step]) => {
        const checkpoint = checkpoints.get(step as number);
        if (!checkpoint)
          throw new GraderspaceError("BadArgument", { problem: say`step ${Number(step)} was not looked at` });
        current().network.returnTo(checkpoint);
      },
    },
    model: {
      run: async ([name]): Promise<TrainedModel> => {
        const { settings, network } = current();
        const { figures } = await current().look(0);
        return exportModel(name as string, settings, network.checkpoint, figures);
      },
    },
  });
}

/** The first backend that starts, in words: the golden step is in its tests, and this network is too small to need more. */
async function started(backends: readonly Backend[]): Promise<string> {
  const { index, started } = await chooseBackend(backends, 0, [], async () => null);
  return `${backends[index]?.name}: ${started.detail}`;
}
