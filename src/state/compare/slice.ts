import { type ModelConfig, membersIn } from "../../core/config/model-config.ts";
import type { Intent } from "../app/intent.ts";
import type { ModelChoice, State } from "../app/shape.ts";
import { frameKey, regionOrigin } from "../cases/on-screen.ts";
import { orderKey } from "../explore/keys.ts";

/** In two rows. Each has a worker of its own, and its network in memory. */
export const MOST_SYSTEMS = 8;
/** Beside each other without being asked for. */
const FIRST_SYSTEMS = 4;
/** A system of more bytes is fetched only where it is asked for by name. */
const LIGHT_BYTES = 40e6;

/** Bytes of a model's weights. */
export function bytesOf({ weights }: ModelConfig): number {
  return weights.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * What stands side by side at first: the explorer's model, and of the paper's five systems those that are missing and
 * light, one of each family.
 */
export function firstSystems(models: readonly ModelChoice[], shown: string): readonly string[] {
  const families = new Set(models.filter(({ name, config }) => name === shown && isPapers(config)).map(familyOf));
  const others = models.filter((model) => {
    const { name, config } = model;
    if (name === shown || !isPapers(config) || families.has(familyOf(model)) || bytesOf(config) > LIGHT_BYTES)
      return false;
    families.add(familyOf(model));
    return true;
  });
  return [shown, ...others.map(({ name }) => name)].slice(0, FIRST_SYSTEMS);
}

/** One of the paper's comparison: a model with z whose head has no f_comb goes past it. */
function isPapers({ family, architecture }: ModelConfig): boolean {
  return family !== "prob-unet" || architecture.head.comb;
}

function familyOf({ config }: ModelChoice): string {
  return config.family;
}

/** Keeps what is known, once each, and no more than fit. */
export function systemsOf(models: readonly ModelChoice[], names: readonly string[]): readonly string[] {
  const known = names.filter((name, i) => names.indexOf(name) === i && models.some((model) => model.name === name));
  return known.slice(0, MOST_SYSTEMS);
}

/** The comparison as a word of a link; empty where it is not shown. Models that the person opened are in no link. */
export function compareWord({ view, compare, models }: State): string {
  if (view !== "compare") return "";
  const shared = compare.systems.filter((name) => models.some((model) => model.name === name && model.bundled));
  return `&compare=${shared.map(encodeURIComponent).join(",")}`;
}

/** The systems that a link compares; null where it shows the explorer. */
export function comparedIn(hash: string): readonly string[] | null {
  const word = new URLSearchParams(hash.replace(/^#/, "")).get("compare");
  return word === null ? null : word.split(",").filter((name) => name !== "");
}

/** Names the region on the screen, whatever looks at it; null while there is none. */
export function regionKey(state: State): string | null {
  const origin = regionOrigin(state);
  return origin ? `${frameKey(state)}|${origin[0]},${origin[1]}` : null;
}

/** Names what a column should show; null while an input is missing. */
export function columnKey(state: State, name: string): string | null {
  const region = regionKey(state);
  const model = state.models.find((one) => one.name === name);
  return region && model ? `${name}|${region}|${orderOf(state.intent, model)}` : null;
}

/** How many samples a column holds once it is there. */
export function columnCount(state: State, name: string): number {
  const config = state.models.find((model) => model.name === name)?.config;
  return Math.min(state.intent.count, (config && membersIn(config)) ?? state.intent.count);
}

/** Whether a model's samples are draws of z: then they have an order. */
export function drawsZ(state: State, name: string): boolean {
  return state.models.find((model) => model.name === name)?.config.choice === "z";
}

function orderOf(intent: Intent, { config }: ModelChoice): string {
  return orderKey(config.choice === "z" ? intent : { ...intent, order: "iid" }, membersIn(config));
}
