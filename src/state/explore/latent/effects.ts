import { throwIfAborted } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import { iou } from "../../../core/measures/agreement.ts";
import type { Draw } from "../../../core/network/encoding.ts";
import { portableExp } from "../../../core/random/portable-math.ts";
import { maskOf } from "../../../core/values/threshold.ts";
import type { State } from "../../app/shape.ts";
import { isQuick } from "../../models/model.ts";
import { currentKey } from "../busy.ts";
import { samplesAreThere } from "../pipeline/draw.ts";
import type { Bench, Stage } from "../pipeline/stage.ts";
import { along, slidersOf } from "./directions.ts";
import { drawIdly } from "./idle-draws.ts";
import { END_SIGMA } from "./modes.ts";
import { currentDraw, priorOf, sigmaOf } from "./z.ts";

/** How long z has to rest: what a slider does is not asked of each place on its way. */
const REST_MS = 150;

/** Names the z on the sliders, the sliders and the threshold; null where each decode is a pass, or something is missing. */
export function effectsKey(state: State): string | null {
  const [current, sliders] = [currentKey(state), slidersOf(state)];
  if (current === null || sliders.length === 0 || !isQuick(state) || !samplesAreThere(state)) return null;
  return `${current}|${sliders.map(({ name }) => name).join(",")}|${state.intent.threshold}`;
}

/** What each slider does about the z on the sliders: from −2σ to +2σ on it, all else as it is now. */
export function measureEffects({ store, model }: Bench): Stage {
  return {
    job: "effects",
    what: say`Measuring the sliders`,
    wanted: effectsKey,
    have: ({ effects }) => effects?.key,
    async run(key, state, task) {
      const [encoded, system, current] = [state.encoded?.value, model(), currentDraw(state)];
      const [sigma, prior, sliders] = [sigmaOf(state), priorOf(state), slidersOf(state)];
      if (!encoded || !system || !current || !sigma || !prior) return;
      await rest(REST_MS);
      throwIfAborted(task.signal);
      const draws = sliders.flatMap((slider) =>
        [-END_SIGMA, END_SIGMA].map((end): Draw => {
          const step = end - along(slider, sigma);
          const z = current.z.map(
            (value, l) => value + portableExp(prior.logSigma[l] as number) * step * (slider.vector[l] as number),
          );
          return { ...current, z, u: Number.POSITIVE_INFINITY }; // what it does to the lesion, not whether that is there
        }),
      );
      const drawn = await drawIdly(system, encoded, draws, task);
      if (!drawn) return;
      const { width, height, smallestPart, maps } = drawn;
      const mask = (n: number) => maskOf(maps[n] as Float32Array, width, height, state.intent.threshold, smallestPart);
      const value = Object.fromEntries(sliders.map(({ name }, i) => [name, 1 - iou(mask(2 * i), mask(2 * i + 1))]));
      store.setState({ effects: { key, value } });
    },
  };
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
