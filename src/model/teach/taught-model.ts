import type { ModelConfig } from "../../core/config/model-config.ts";
import { sha256Hex } from "../../core/config/weights-hash.ts";
import { rounded } from "../../core/measures/rounded.ts";
import type { ModelFiles } from "../../core/network/model.ts";
import { type LinearHead, linearHeadOf, mapPlaces } from "../../core/teach/linear-head.ts";
import { type Retouch, retouchPlaces } from "../../core/teach/retouch.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import { TAUGHT_FIGURES } from "../../core/teach/verdict.ts";
import { readSafetensors, withTensors } from "../safetensors.ts";
import type { Taught } from "./teaching.ts";

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
  const bytes = taught.retouch ? withHead(head, parent, entry.file, taught.retouch) : parent;
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

function withHead(head: LinearHead, bytes: Uint8Array, file: string, retouch: Retouch): Uint8Array {
  const stored = readSafetensors(bytes, file);
  const places = mapPlaces(head);
  const at = retouchPlaces(head);
  const changed = new Map<string, Float32Array>();
  const take = (name: string) => (stored.get(name)?.values ?? new Float32Array(0)).slice();
  /** Rows of a layer: maps `first`, `first` + 1, … */
  const retouchLayer = (name: string, first: number) => {
    const [matrix, bias] = [take(`${name}.weight`), take(`${name}.bias`)];
    const columns = matrix.length / bias.length;
    for (let row = 0; row < bias.length; row++) {
      const gain = 1 + (retouch[first + row] as number);
      for (let c = row * columns; c < (row + 1) * columns; c++) matrix[c] = gain * (matrix[c] as number);
      bias[row] = gain * (bias[row] as number) + (retouch[at.offset + first + row] as number);
    }
    changed.set(`${name}.weight`, matrix).set(`${name}.bias`, bias);
  };
  const factor = { weight: take("factor.weight"), bias: take("factor.bias") };
  retouchLayer("mean", places.mean);
  retouchLayer("factor", places.factor);
  if (head.fieldSpacings.length > 0) retouchLayer("amplitude", places.amplitude);
  if (head.envelope) retouchLayer("envelope", places.top);
  for (const part of ["weight", "bias"] as const) {
    const mean = changed.get(`mean.${part}`) as Float32Array;
    for (let l = 0; l < head.latent; l++) {
      const turn = retouch[at.turn + l] as number;
      for (let c = 0; c < mean.length; c++) {
        mean[c] = (mean[c] as number) + turn * (factor[part][l * mean.length + c] as number);
      }
    }
  }
  if (head.gate) {
    const gain = 1 + (retouch[at.gate] as number);
    const offset = retouch[at.gate + 1] as number;
    changed.set(
      "presence.2.weight",
      take("presence.2.weight").map((value) => gain * value),
    );
    changed.set(
      "presence.2.bias",
      take("presence.2.bias").map((value) => gain * value + offset),
    );
  }
  return withTensors(bytes, file, changed);
}

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
    objective: "energy distance on the head's maps, U-Net frozen",
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
