import { throwIfAborted } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import type { Mask } from "../../../core/values/slice.ts";
import type { State } from "../../app/shape.ts";
import { modelIsThere, placesGraders } from "../../models/model.ts";
import { posteriorKey } from "../keys.ts";
import { outliningGraders, type RegionGrader } from "../masks.ts";
import { samplesAreThere } from "../pipeline/draw.ts";
import type { Bench, HasFailed, Stage } from "../pipeline/stage.ts";

/** A grader who has no place in the latent space yet. */
interface Unplaced {
  readonly key: string;
  /** Within the region. */
  readonly mask: Mask;
}

/** The next grader without a place in the latent space, where there is one: who draws in the page first. */
function nextUnplaced(state: State, failed: HasFailed): Unplaced | null {
  if (!placesGraders(state)) return null;
  const drawsHere = ({ key }: RegionGrader) => Number(typeof key === "string");
  const graders = [...outliningGraders(state)].sort((a, b) => drawsHere(b) - drawsHere(a));
  for (const { key: grader, mask } of graders) {
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
    what: say`Placing the graders`,
    wanted: (state, hasFailed) => next(state, hasFailed)?.key ?? null,
    have: () => undefined,
    async run(key, state, task) {
      const [encoded, system] = [state.encoded, model()];
      const missing = nextUnplaced(state, (other) => other !== key);
      if (!encoded || !system || !missing) return;
      const posterior = await system.posterior(encoded.value, missing.mask, task);
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
