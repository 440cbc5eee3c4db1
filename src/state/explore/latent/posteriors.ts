import { isAbort, throwIfAborted } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import type { Posterior } from "../../../core/network/encoding.ts";
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

/** The graders without a place in the latent space whose place has not failed: who draws in the page first. */
function unplacedOf(state: State, failed: HasFailed): readonly Unplaced[] {
  if (!placesGraders(state)) return [];
  const drawsHere = ({ key }: RegionGrader) => Number(typeof key === "string");
  const graders = [...outliningGraders(state)].sort((a, b) => drawsHere(b) - drawsHere(a));
  return graders.flatMap(({ key: grader, mask }) => {
    const key = posteriorKey(state, grader);
    return key !== null && !state.posteriors[key] && !failed(key) ? [{ key, mask }] : [];
  });
}

/** The graders' places in the latent space, all that are missing in one go; where that fails, the first by itself. */
export function placeGraders({ store, model }: Bench): Stage {
  const next = (state: State, hasFailed: HasFailed) =>
    samplesAreThere(state) && modelIsThere(state) ? (unplacedOf(state, hasFailed)[0]?.key ?? null) : null;
  return {
    job: "posterior",
    what: say`Placing the graders`,
    wanted: next,
    have: () => undefined,
    async run(key, state, task) {
      const [encoded, system] = [state.encoded, model()];
      const all = unplacedOf(state, () => false);
      const first = all.filter((one) => one.key === key);
      if (!encoded || !system || first.length === 0) return;
      const place = (some: readonly Unplaced[]) =>
        system.posteriors(
          encoded.value,
          some.map(({ mask }) => mask),
          task,
        );
      let placed = all;
      const found = await place(all).catch((error: unknown) => {
        if (isAbort(error) || all.length === 1) throw error;
        placed = first;
        return place(first);
      });
      throwIfAborted(task.signal);
      const here = `${encoded.key}|`; // those of other regions are not shown any more
      store.setState(({ posteriors }) => ({
        posteriors: {
          ...Object.fromEntries(Object.entries(posteriors).filter(([other]) => other.startsWith(here))),
          ...Object.fromEntries(placed.map((one, i) => [one.key, found[i] as Posterior])),
        },
      }));
    },
  };
}
