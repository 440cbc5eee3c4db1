import type { ModelConfig } from "../../core/config/model-config.ts";
import { sha256Hex } from "../../core/config/weights-hash.ts";
import { rounded } from "../../core/measures/rounded.ts";
import type { ModelFiles } from "../../core/network/model.ts";
import { type LinearHead, linearHeadOf } from "../../core/teach/linear-head.ts";
import { type Retouch, retouchPlaces } from "../../core/teach/retouch.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import type { DeepWeights, Taught } from "../../core/teach/taught.ts";
import { TAUGHT_FIGURES } from "../../core/teach/verdict.ts";
import { readSafetensors } from "../safetensors.ts";
import { withTensors } from "./replaced-tensors.ts";

/** What is said of a teaching beside its outcome. */
export interface TeachingFacts {
  /** The new model's name. */
  readonly name: string;
  /** What the cases are called: a file's or a pack's name. */
  readonly cases: string;
  readonly settings: TeachSettings;
}

/** Name of a model's folder's file of weights. */
interface TaughtModel {
  readonly config: ModelConfig;
  /** One per entry of `config.weights`. */
  readonly weights: readonly Uint8Array[];
}

/**
 * The model that was taught: the parent's file with other numbers in the head's layers, float16 where it was float16. A
 * retouch mixes maps that are linear in the features, so it mixes the layers' rows. Without a gain the parent, unchanged
 * but for its name and what its config says of the teaching.
 * @throws GraderspaceError as `readSafetensors`
 */
export function taughtModel({ config, weights }: ModelFiles, taught: Taught, facts: TeachingFacts): TaughtModel {
  const head = linearHeadOf(config);
  const [parent] = weights as [Uint8Array];
  const [entry] = config.weights as [ModelConfig["weights"][number]];
  const bytes = taught.retouch ? withHead(head, parent, entry.file, taught.retouch, taught.deep) : parent;
  const { presenceLaw: _ofTheParent, ...rest } = config;
  return {
    config: {
      ...(taught.retouch ? rest : config),
      name: facts.name,
      title: taught.retouch ? `${config.title}, taught from ${facts.cases}` : config.title,
      weights: [{ ...entry, sha256: sha256Hex(bytes), bytes: bytes.length }],
      training: trainingFacts(config, entry.sha256, taught, facts),
    },
    weights: [bytes],
  };
}

function withHead(
  head: LinearHead,
  bytes: Uint8Array,
  file: string,
  retouch: Retouch,
  deep: DeepWeights | null,
): Uint8Array {
  const stored = readSafetensors(bytes, file);
  const { layers, turn, gate } = retouchPlaces(head);
  const changed = new Map<string, Float32Array>(Object.entries(deep ?? {}));
  const take = (name: string) => (stored.get(name)?.values ?? new Float32Array(0)).slice();
  const scale = (name: string, gain: number, offset: number) => {
    const by = 1 + (retouch[gain] as number);
    const more = offset < 0 ? 0 : (retouch[offset] as number);
    changed.set(
      `${name}.weight`,
      take(`${name}.weight`).map((value) => by * value),
    );
    changed.set(
      `${name}.bias`,
      take(`${name}.bias`).map((value) => by * value + more),
    );
  };
  for (const [name, { gain, offset }] of Object.entries(layers)) scale(name, gain, offset);
  if (gate >= 0) scale("presence.2", gate, gate + 1);
  for (const part of ["weight", "bias"]) {
    const mean = changed.get(`mean.${part}`) as Float32Array;
    const factor = take(`factor.${part}`); // the parent's: [L, C] and [L]
    for (let i = 0; i < factor.length; i++) {
      const [l, c] = [Math.floor(i / mean.length), i % mean.length];
      mean[c] = (mean[c] as number) + (retouch[turn + l] as number) * (factor[i] as number);
    }
  }
  return withTensors(bytes, file, changed);
}

const FROZEN = {
  head: "U-Net frozen",
  block: "U-Net frozen but for its last block",
  all: "U-Net trained as well",
} as const;

function trainingFacts(
  parent: ModelConfig,
  sha256: string,
  { verdict, folds, cases, patients, steps, retouch }: Taught,
  { cases: data, settings }: TeachingFacts,
): ModelConfig["training"] {
  const interval = ({ mean, low, high }: { mean: number; low: number; high: number }) => [mean, low, high].map(rounded);
  const figures = TAUGHT_FIGURES.map((name) => {
    const { before, after, change } = verdict.figures[name];
    return [name, { before: interval(before), after: interval(after), change: interval(change) }] as const;
  });
  return {
    parent: { name: parent.name, sha256, training: parent.training },
    data: `${cases} cases of ${patients === null ? "unnamed patients" : `${patients} patients`}: ${data}`,
    objective: `energy distance on the head's maps, ${FROZEN[settings.depth]}`,
    depth: settings.depth,
    adapted: retouch !== null,
    steps: retouch ? steps : 0,
    folds: folds.map(({ cases: held, steps: taken, before, after }) => ({
      cases: held,
      steps: taken,
      ged2: [before, after].map(rounded),
    })),
    held_out: Object.fromEntries(figures),
    settings,
    note: "axes and modes are the parent's: they were not measured again",
  };
}
