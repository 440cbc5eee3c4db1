import { throwIfAborted } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import { iou } from "../../../core/measures/agreement.ts";
import type { Task } from "../../../core/network/encoding.ts";
import type { Prepared } from "../../../core/network/model.ts";
import { modesOf } from "../../../core/network/modes.ts";
import { draw } from "../../../core/random/gaussian.ts";
import { maskOf } from "../../../core/values/threshold.ts";
import type { Box } from "../../../core/values/viewport.ts";
import { aspectOnScreen } from "../../cases/on-screen.ts";
import type { QueuedModel } from "../../models/model.ts";
import { hasZ } from "../../models/model.ts";
import { samplesAreThere } from "../pipeline/draw.ts";
import type { Bench, Stage } from "../pipeline/stage.ts";
import { FIRST_SLIDERS, MOST_MODES, slidersAreModes, slidersOf } from "./directions.ts";
import { drawIdly } from "./idle-draws.ts";
import { lesionBox, shrink } from "./little-mask.ts";
import type { Ends } from "./masks-over-z.ts";

/** σ at which the two ends of a slider are shown and its effect is measured. */
export const END_SIGMA = 2;

/** Decodes both ends of each direction. */
async function endsOf(
  system: QueuedModel,
  encoded: Prepared,
  vectors: readonly Float32Array[],
  box: Box,
  threshold: number,
  task: Task,
): Promise<Ends[]> {
  const { prior } = encoded;
  if (!prior) return [];
  const draws = vectors.flatMap((vector) =>
    [-END_SIGMA, END_SIGMA].map((at) => ({
      z: draw(
        prior,
        vector.map((value) => value * at),
      ),
      u: Number.POSITIVE_INFINITY, // what the slider does to it, not whether it is there
    })),
  );
  const drawn = await drawIdly(system, encoded, draws, task);
  if (!drawn) return [];
  const { width, height, maps } = drawn;
  return vectors.map((_, i) => {
    const [low, high] = [maps[2 * i], maps[2 * i + 1]] as [Float32Array, Float32Array];
    const effect = 1 - iou(maskOf(low, width, height, threshold), maskOf(high, width, height, threshold));
    return { minus: shrink(low, width, box), plus: shrink(high, width, box), effect };
  });
}

/** This case's modes, strongest effect on its masks first: where the sliders are modes. */
export function findModes({ store, model }: Bench): Stage {
  return {
    job: "modes",
    what: say`Finding the modes of this case`,
    wanted: (state) => (samplesAreThere(state) && slidersAreModes(state) ? (state.encoded?.key ?? null) : null),
    have: ({ modes }) => modes?.key,
    async run(key, state, task) {
      const { encoded, drawn, intent } = state;
      const [encoding, system] = [encoded?.value.encoding, model()];
      const head = system?.about.decode;
      if (!encoded || !encoding || !drawn || !system || !head) return;
      const vectors = modesOf(head, encoding).vectors.slice(0, MOST_MODES);
      const box = lesionBox(drawn.value.statistics.mean, encoding, aspectOnScreen(state));
      const ends = await endsOf(system, encoded.value, vectors, box, intent.threshold, task);
      throwIfAborted(task.signal);
      const value = vectors.flatMap((vector, i) => (ends[i] ? [{ vector, ...ends[i] }] : []));
      store.setState({ modes: { key, value: value.sort((a, b) => b.effect - a.effect) } });
    },
  };
}

/** Both ends of the sliders that stand there at first: where the sliders are axes. */
export function findEnds({ store, model }: Bench): Stage {
  return {
    job: "ends",
    what: say`Decoding the sliders' ends`,
    wanted: (state) =>
      samplesAreThere(state) && hasZ(state) && !slidersAreModes(state) ? (state.encoded?.key ?? null) : null,
    have: ({ ends }) => ends?.key,
    async run(key, state, task) {
      const [encoded, drawn, system] = [state.encoded?.value, state.drawn?.value, model()];
      if (!encoded || !drawn || !system) return;
      const axes = slidersOf(state).slice(0, FIRST_SLIDERS); // of a foreign network each end is a whole pass
      const vectors = axes.map(({ vector }) => vector);
      const box = lesionBox(drawn.statistics.mean, drawn.samples, aspectOnScreen(state));
      const ends = await endsOf(system, encoded, vectors, box, state.intent.threshold, task);
      throwIfAborted(task.signal);
      const value = Object.fromEntries(axes.flatMap(({ name }, i) => (ends[i] ? [[name, ends[i]]] : [])));
      store.setState({ ends: { key, value } });
    },
  };
}
