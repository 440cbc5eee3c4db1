import { weightsHash } from "../../../core/config/weights-hash.ts";
import type { ModelInfo, Prepared } from "../../../core/network/model.ts";
import { cropRegion } from "../../../core/values/region.ts";
import { type CaseId, frameKeyOf } from "../../app/identity.ts";
import { FIRST_INTENT, type Intent } from "../../app/intent.ts";
import { type Case, type Drawn, FIRST_STATE, type ModelChoice, type Picture, type State } from "../../app/shape.ts";
import { frameOf } from "../../cases/case.ts";
import { regionCentre } from "../../cases/on-screen.ts";
import { currentKey } from "../busy.ts";
import { encodeKey, posteriorKey, samplesKey } from "../keys.ts";
import { effectsKey } from "../latent/effects.ts";
import { planeKey } from "../latent/plane.ts";
import { choicesFor, drawnCount, drawsIn } from "../samples.ts";
import { markMadeBefore } from "./made-before.ts";
import { askedIn, cellsOf, type Start } from "./start.ts";

/** What else the start needs to become the page's first state. */
interface Page {
  readonly models: readonly ModelChoice[];
  /** What is wanted at first; of a link that says nothing else, the case of the start. */
  readonly intent: Intent;
  /** Reads the case again, where its picture is not held any more. */
  read(id: CaseId): Promise<Picture>;
}

/** The first state of a visit whose address asks for nothing, with all of the start on the screen; null as below. */
export function stateOfFirstVisit(
  start: Start,
  { models, model, read }: Pick<Page, "models" | "read"> & { readonly model: string },
): Partial<State> | null {
  return stateOfStart(start, { models, intent: { ...FIRST_INTENT, model, caseId: start.asked.caseId }, read });
}

/** The page's first state with all of the start on the screen; null where something else is wanted, or of other weights. */
export function stateOfStart(start: Start, { models, intent, read }: Page): Partial<State> | null {
  const { asked, about } = start;
  const { caseId } = asked;
  const config = models.find(({ name }) => name === asked.model)?.config;
  if (caseId === null || !config || weightsHash(config) !== start.weights) return null;
  if (JSON.stringify(askedIn(intent)) !== JSON.stringify(asked)) return null;
  const { title, group, simulated, pack, attribution, region } = start.case;
  const entry = { id: caseId, title, group, simulated, pack };
  const found: Case = {
    ...{
      ...entry,
      attribution,
      region,
      draw: asked.draw,
      frames: 1,
      frame: asked.frame,
      notes: [],
      own: false,
      stack: null,
    },
    read: () => read(caseId),
  };
  const frame = frameOf(caseId, asked.frame, { slice: start.slice, graders: start.graders });
  const picture = frameKeyOf(caseId, asked.frame);
  const info = { ...about, config };
  let state: State = {
    ...FIRST_STATE,
    ...{ models, intent, entries: [entry], cases: new Map([[caseId, found]]), frames: new Map([[picture, frame]]) },
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
  const [samples, statistics] = [start.samples, start.statistics];
  const drawn = markMadeBefore(withDraws({ samples, statistics }, state, prepared));
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
    const { side, cellSize, done } = start.plane;
    const cells = cellsOf(start.plane);
    add({ plane: { key: plane, value: { side, cellSize, done, cells } } });
  }
  const effects = effectsKey(state);
  if (start.effects && effects !== null) add({ effects: { key: effects, value: start.effects } });
  return state;
}

/** With the draws behind the samples, which are made when somebody asks: no picture does. */
function withDraws(shown: Omit<Drawn, "draws">, state: State, prepared: Prepared): Drawn {
  let draws: Drawn["draws"] | null = null;
  return {
    ...shown,
    get draws() {
      const model = state.model?.value as ModelInfo;
      draws ??= drawsIn(choicesFor(state, model, prepared, drawnCount(state)));
      return draws;
    },
  };
}
