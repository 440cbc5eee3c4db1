import { throwIfAborted } from "../../../core/errors.ts";
import { cutMask } from "../../../core/values/mask-placement.ts";
import type { Mask } from "../../../core/values/slice.ts";
import { emptyMask } from "../../../core/values/slice.ts";
import type { GraderKey } from "../../app/intent.ts";
import type { State } from "../../app/shape.ts";
import { frameOnScreen, yourMask } from "../../cases/on-screen.ts";
import { hasZ, modelIsThere } from "../../models/model.ts";
import { posteriorKey } from "../keys.ts";
import { samplesAreThere } from "../pipeline/draw.ts";
import type { Bench, HasFailed, Stage } from "../pipeline/stage.ts";

/** A grader who has no place in the latent space yet. */
interface Unplaced {
  readonly key: string;
  readonly mask: Mask | null;
}

/** The next grader without a place in the latent space, where there is one: yours first, it was just drawn. */
function nextUnplaced(state: State, failed: HasFailed): Unplaced | null {
  const frame = frameOnScreen(state);
  if (!frame || !hasZ(state)) return null;
  const yours = yourMask(state);
  const graders: [GraderKey, Mask | null][] = frame.graders.map((grader, index) => [index, grader.mask]);
  if (yours) graders.unshift(["you", yours]);
  for (const [grader, mask] of graders) {
    const key = posteriorKey(state, grader);
    if (key !== null && !state.posteriors[key] && !failed(key)) return { key, mask };
  }
  return null;
}

/** The graders' places in the latent space, one after the other. */
export function placeGraders({ store, model }: Bench): Stage {
  const next = (state: State, hasFailed: HasFailed) =>
    samplesAreThere(state) && modelIsThere(state) ? nextUnplaced(state, hasFailed) : null;
  return {
    job: "posterior",
    what: "Placing the graders",
    wanted: (state, hasFailed) => next(state, hasFailed)?.key ?? null,
    have: () => undefined,
    async run(key, state, task) {
      const [encoded, system] = [state.encoded, model()];
      const missing = nextUnplaced(state, (other) => other !== key);
      if (!encoded || !system || !missing) return;
      const { origin, size } = encoded.value.crop;
      const mask = missing.mask ? cutMask(missing.mask, origin, size) : emptyMask(size, size);
      const posterior = await system.posterior(encoded.value, mask, task);
      throwIfAborted(task.signal);
      const here = `${encoded.key}|`; // those of other regions are not shown any more
      store.setState(({ posteriors }) => ({
        posteriors: {
          ...Object.fromEntries(Object.entries(posteriors).filter(([other]) => other.startsWith(here))),
          [key]: posterior,
        },
      }));
    },
  };
}
