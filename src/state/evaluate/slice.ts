import type { Text } from "../../core/language/say.ts";
import type { SampleOrder } from "../../core/random/orders.ts";
import type { Intervals } from "./figures.ts";
import type { PackFacts } from "./pack-facts.ts";
import type { EvaluatedRow } from "./rows.ts";

/** What the person asks for. */
export interface EvaluationSettings {
  /** Where the pack lies in the library; empty until one is known. */
  readonly shelf: string;
  /** How many cases, evenly spread over the pack; null for all. */
  readonly limit: number | null;
  /** Names of the models. */
  readonly systems: readonly string[];
  readonly count: number;
  readonly seed: number;
  /** Also the samples that stand for so many draws; null: the first draws alone. */
  readonly representativeOf: number | null;
  /** How draws of z belong together. */
  readonly order: SampleOrder;
}

export interface FailedCase {
  readonly row: number;
  readonly id: string;
  readonly sentence: Text;
}

export type SystemStatus = "waiting" | "loading" | "running" | "done" | "failed";

/** What came of one system so far. */
export interface SystemRun {
  readonly name: string;
  readonly title: string;
  readonly status: SystemStatus;
  /** How its draws belong together: "iid" where it draws no z. */
  readonly order: SampleOrder;
  /** Share of the model's bytes that are here, while it loads. */
  readonly loading: number | null;
  /** As they were finished. */
  readonly rows: readonly EvaluatedRow[];
  readonly failed: readonly FailedCase[];
  /** Why the system itself was given up. */
  readonly failure: Text | null;
}

/** What the results on the screen are results of. */
export interface EvaluationRun {
  readonly pack: PackFacts;
  readonly settings: EvaluationSettings;
  /** Indices into the pack. */
  readonly rows: readonly number[];
  readonly seed: number;
  readonly count: number;
  readonly representativeOf: number | null;
  readonly order: SampleOrder;
}

/** A run that was left before its end, of a pack that is not open. */
export interface UnfinishedRun {
  /** sha256 of the pack's pack.json. */
  readonly pack: string;
  readonly done: number;
  readonly total: number;
  /** Where the pack's files are kept on this machine; null where they are not. */
  readonly opening: { readonly id: string; readonly title: string } | null;
}

export interface EvaluationState {
  readonly settings: EvaluationSettings;
  /** The chosen pack; null until its list of cases is read. */
  readonly pack: PackFacts | null;
  /** Rows kept from before for these settings, by model; of the cases asked for alone. */
  readonly kept: Readonly<Record<string, number>>;
  readonly status: "idle" | "running" | "paused";
  readonly order: EvaluationRun | null;
  readonly systems: readonly SystemRun[];
  /** By model; `rows` are those that the intervals were made of. */
  readonly intervals: Readonly<Record<string, { readonly rows: readonly EvaluatedRow[]; readonly value: Intervals }>>;
  /** Mean milliseconds of a case, by model, of those that have done one in this run. */
  readonly paces: Readonly<Record<string, number>>;
  /** Runs that were left before their end, of packs that are not open. */
  readonly unfinished: readonly UnfinishedRun[];
  /** A sentence about what stands in the way: a pack that cannot be read, results that cannot be kept. */
  readonly trouble: Text | null;
}

export const FIRST_EVALUATION: EvaluationState = {
  settings: { shelf: "", limit: null, systems: [], count: 16, seed: 0, representativeOf: null, order: "iid" },
  pack: null,
  kept: {},
  status: "idle",
  order: null,
  systems: [],
  intervals: {},
  paces: {},
  unfinished: [],
  trouble: null,
};

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** Cases finished or failed, over all systems; a system that was given up has no more to do. */
export function progressOf({ order, systems }: EvaluationState): Progress {
  const each = order?.rows.length ?? 0;
  const done = systems.reduce(
    (sum, { rows, failed, status }) => sum + (status === "failed" ? each : rows.length + failed.length),
    0,
  );
  return { done, total: each * systems.length };
}

/** How many rows the settings ask for, and how many of them are kept. */
export function keptProgress({ settings, pack, kept }: EvaluationState): Progress {
  const each = wantedCases(settings, pack);
  return {
    done: settings.systems.reduce((sum, name) => sum + (kept[name] ?? 0), 0),
    total: each * settings.systems.length,
  };
}

export function wantedCases({ limit }: EvaluationSettings, pack: PackFacts | null): number {
  const all = pack?.cases.length ?? 0;
  return Math.min(limit ?? all, all);
}

/** True where the results on the screen are all that the settings ask for. */
export function isComplete(state: EvaluationState): boolean {
  const { order, settings, pack, systems } = state;
  if (!order || !pack || order.pack.key !== pack.key || state.status !== "idle") return false;
  const asked = order.settings;
  return (
    asked.shelf === settings.shelf &&
    wantedCases(asked, pack) === wantedCases(settings, pack) &&
    asked.count === settings.count &&
    asked.seed === settings.seed &&
    asked.representativeOf === settings.representativeOf &&
    asked.order === settings.order &&
    [...asked.systems].sort().join("\n") === [...settings.systems].sort().join("\n") &&
    systems.every(({ rows }) => rows.length === order.rows.length)
  );
}
