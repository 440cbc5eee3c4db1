import * as v from "valibot";
import { checked, flag, list, number, object, oneOf, text, whole } from "../config/checked.ts";
import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import { DEFAULT_TRAINING, type TrainingSettings } from "./settings.ts";

const HABIT = object({
  name: text,
  summary: v.optional(text, "–"),
  level: number(0.05, 0.95),
  glass: flag,
  wall: number(0, 1),
  faintest: number(0, 100),
  unsteadyPx: number(0, 3),
});

/** Bounds keep a run of the page within its memory and a step within seconds. */
const FIELDS = {
  seed: whole(-(2 ** 31), 2 ** 32 - 1),
  region: oneOf(32, 64),
  width: whole(4, 32),
  axes: whole(1, 16),
  batch: whole(1, 32),
  beta: number(0, 1e6),
  pixels: oneOf("sum", "mean"),
  latent: flag,
  rate: number(1e-6, 1),
  steps: whole(1, 1_000_000),
  habits: v.pipe(
    list(HABIT, 8),
    v.minLength(1, () => "is empty"),
  ),
  onlyGrader: v.nullable(whole(0, 7)),
};

const SETTINGS = object(
  Object.fromEntries(Object.entries(FIELDS).map(([name, schema]) => [name, v.optional(schema as v.GenericSchema)])),
);

/**
 * Settings of a training from parsed JSON; what is not given is as in `DEFAULT_TRAINING`.
 * @throws GraderspaceError BadArgument, with the path of the field that is wrong or that nobody knows
 */
export function parseTraining(json: unknown, file: string): TrainingSettings {
  try {
    const given = checked(SETTINGS, json) as Partial<TrainingSettings>;
    const unknown = Object.keys(json as object).find((name) => !(name in FIELDS));
    if (unknown !== undefined) throw new RangeError(`${unknown} is no setting`);
    const settings = { ...DEFAULT_TRAINING, ...withoutUndefined(given) };
    if (settings.onlyGrader !== null && settings.onlyGrader >= settings.habits.length)
      throw new RangeError(`onlyGrader is ${settings.onlyGrader}, and there are ${settings.habits.length} habits`);
    return settings;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const remedy = say`give an object with some of ${Object.keys(FIELDS).join(", ")}`;
    throw new GraderspaceError("BadArgument", { file, problem: error.message, remedy });
  }
}

function withoutUndefined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}
