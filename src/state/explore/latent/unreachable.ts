import { say, sayCount, type Text } from "../../../core/language/say.ts";
import { latticeSizes } from "../../../core/random/draws.ts";
import { YOU, type ZSource } from "../../app/intent.ts";
import type { State } from "../../app/shape.ts";
import { frameOnScreen } from "../../cases/on-screen.ts";
import { posteriorKey } from "../keys.ts";
import { fieldsSource, gradersIn } from "./fields-under.ts";
import { graderName } from "./z.ts";

/**
 * Why the wanted z cannot be had of this model and these graders, as a sentence; null where it can, or where model or
 * slice are not there yet. Links and sessions are held against the model here before anything is decoded of them.
 * `failed`: of a grader's place in the latent space, by its key.
 */
export function whyUnreachable(state: State, failed: (key: string) => boolean): Text | null {
  const { intent, model } = state;
  const head = model?.key === intent.model ? model.value.head : null;
  if (!head || !model) return null;
  const { source } = intent.z;
  const numbers = numbersIn(source);
  if (numbers !== null && numbers.length !== head.latent) {
    const asked = say`The z that was asked for has ${sayCount(numbers.length, { one: "# number", other: "# numbers" })}`;
    return say`${asked}, and ${model.value.config.title} has ${head.latent} axes: the prior mean is shown.`;
  }
  const under = fieldsSource(source);
  const given = under !== null && typeof under === "object" && "given" in under ? under.given : undefined;
  const { size } = model.value.config.preprocessing;
  const nodes = latticeSizes(size, size, head.fieldSpacings).map(({ width, height }) => width * height);
  if (given && given.map(({ length }) => length).join() !== nodes.join()) {
    return say`The local fields that were asked for are not those of ${model.value.config.title}: the prior mean is shown.`;
  }
  if (!frameOnScreen(state)) return null;
  for (const grader of gradersIn(source)) {
    const key = posteriorKey(state, grader);
    const who = graderName(state.readers, grader);
    if (key === null && source.kind === "hand") continue; // z needs none of them: without their fields, then
    if (key === null && grader === YOU.id) return say`You have drawn nothing on this slice: the prior mean is shown.`;
    if (key === null && typeof grader === "string")
      return say`On this slice ${who} drew nothing: the prior mean is shown.`;
    if (key === null) return say`This slice has no ${who}: the prior mean is shown.`;
    if (failed(key)) return say`There is no place in the latent space for ${who}: the prior mean is shown.`;
  }
  return null;
}

function numbersIn(source: ZSource): readonly number[] | null {
  if (source.kind === "exact") return source.z;
  return source.kind === "hand" ? source.sigma : null;
}
