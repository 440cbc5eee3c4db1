import { weightsHash } from "../../../core/config/weights-hash.ts";
import { cropRegion } from "../../../core/values/region.ts";
import { type CaseId, frameKeyOf } from "../../app/identity.ts";
import type { Intent } from "../../app/intent.ts";
import { type Case, FIRST_STATE, type ModelChoice, type Picture, type State } from "../../app/shape.ts";
import { frameOf } from "../../cases/case.ts";
import { regionCentre } from "../../cases/on-screen.ts";
import { currentKey } from "../busy.ts";
import { encodeKey, posteriorKey, samplesKey } from "../keys.ts";
import { effectsKey } from "../latent/effects.ts";
import { planeKey } from "../latent/plane.ts";
import { choicesFor, drawnCount, drawsIn } from "../samples.ts";
import { markMadeBefore } from "./made-before.ts";
import { askedIn, type Start } from "./start.ts";

/** What else the start needs to become the page's first state. */
interface Page {
  readonly models: readonly ModelChoice[];
  /** What is wanted at first; of a link that says nothing else, the case of the start. */
  readonly intent: Intent;
  /** Reads the case again, where its picture is not held any more. */
  read(id: CaseId): Promise<Picture>;
}

/** The page's first state with all of the start on the screen; null where something else is wanted, or of other weights. */
export function stateOfStart(start: Start, { models, intent, read }: Page): Partial<State> | null {
  const { asked, about } = start;
  const { caseId } = asked;
  const config = models.find(({ name }) => name === asked.model)?.config;
  if (caseId === null || !config || weightsHash(config) !== start.weights) return null;
  if (JSON.stringify(askedIn(intent)) !== JSON.stringify(asked)) return null;
  const { title, group, simulated, pack, attribution, region } = start.case;
  const of = { id: caseId, title, group, simulated, pack, attribution, region };
  const found: Case = {
    ...{ ...of, draw: asked.draw, frames: 1, frame: asked.frame, notes: [], own: false, stack: null },
    read: () => read(caseId),
  };
  const frame = frameOf(caseId, asked.frame, { slice: start.slice, graders: start.graders });
  const picture = frameKeyOf(caseId, asked.frame);
  const info = { ...about, config };
  let state: State = {
    ...FIRST_STATE,
    ...{ models, intent, cases: new Map([[caseId, found]]), frames: new Map([[picture, frame]]) },
    model: { key: asked.model, value: info },
  };
  const add = (more: Partial<State>) => {
    state = { ...state, ...more };
  };
  const [encode, centre] = [encodeKey(state), regionCentre(state)];
  if (encode === null || !centre) return null;
  const crop = { ...cropRegion(frame.slice, centre[0], centre[1], config.preprocessing.size), picture };
  const presence = start.presence === null ? {} : { presence: start.presence };
  const prepared = { crop, prior: start.prior, encoding: null, ...presence };
  add({ encoded: { key: encode, value: prepared } });
  const draws = drawsIn(choicesFor(state, info, prepared, drawnCount(state)));
  const drawn = markMadeBefore({ draws, samples: start.samples, statistics: start.statistics });
  add({ drawn: { key: samplesKey(state) as string, value: drawn } });
  add({ current: { key: currentKey(state) as string, value: markMadeBefore(start.current) } });
  if (start.modes) add({ modes: { key: encode, value: start.modes } });
  if (start.ends) add({ ends: { key: encode, value: start.ends } });
  const places = start.posteriors.flatMap((posterior, grader) => {
    const key = posteriorKey(state, grader);
    return posterior && key !== null ? [[key, posterior] as const] : [];
  });
  add({ posteriors: Object.fromEntries(places) });
  const plane = planeKey(state);
  if (start.plane && plane !== null) {
    const { cells: all, ...rest } = start.plane;
    const area = rest.cellSize ** 2;
    const cells = Array.from({ length: rest.side ** 2 }, (_, i) => all.subarray(i * area, (i + 1) * area));
    add({ plane: { key: plane, value: { ...rest, cells } } });
  }
  const effects = effectsKey(state);
  if (start.effects && effects !== null) add({ effects: { key: effects, value: start.effects } });
  return state;
}
