import { say } from "../../core/language/say.ts";
import type { Intent } from "../app/intent.ts";
import { tell } from "../app/notices.ts";
import type { ModelChoice } from "../app/shape.ts";
import type { ExplorerStore, StateStore } from "../app/store.ts";

/** Makes a model that the person opened known, under a name that no other has; `configNamed` is asked for that name. */
export function addModel(
  store: StateStore,
  name: string,
  configNamed: (name: string) => ModelChoice["config"],
): ModelChoice {
  const taken = new Set(store.getState().models.map((known) => known.name));
  let free = name;
  for (let copy = 2; taken.has(free); copy++) free = `${name} (${copy})`;
  const choice = { name: free, config: { ...configNamed(free), name: free }, bundled: false };
  store.setState(({ models }) => ({ models: [...models, choice] }));
  return choice;
}

/** Takes a model that the person opened out of the menu; where the page shows it, `instead` is shown again. */
export function removeModel(store: ExplorerStore, name: string, instead: string): void {
  if (store.getState().intent.model === name)
    store.want((intent) => ({ ...intent, model: instead, z: { source: { kind: "mean" }, locks: {} } }));
  store.setState(({ models }) => ({ models: models.filter((known) => known.bundled || known.name !== name) }));
}

/** What of a link or session can be had here: a model that is not known stays what it is, and the person is told. */
export function withKnownModel(store: StateStore, intent: Partial<Intent>): Partial<Intent> {
  const { model, ...rest } = intent;
  if (model === undefined || store.getState().models.some(({ name }) => name === model)) return intent;
  const shown = say`the view is shown with the one that is chosen; open its files to see the same samples`;
  tell(store, "alert", say`The model ${model} is not here: ${shown}.`);
  return rest;
}
