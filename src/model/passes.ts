import type { ModelConfig } from "../core/config/model-config.ts";
import { throwIfAborted } from "../core/errors.ts";
import type { Decoded, Draw, Gaussian, Task, Want } from "../core/network/encoding.ts";
import { sigmoid } from "../core/network/logits.ts";
import type { Model } from "../core/network/model.ts";
import { statisticsOf } from "../core/network/statistics.ts";
import { withRule, wrongChoices } from "../core/network/with-decoder.ts";
import type { Choices } from "../core/random/choices.ts";
import { standardGaussian } from "../core/random/gaussian.ts";
import type { Crop } from "../core/values/region.ts";
import type { Mask } from "../core/values/slice.ts";
import { checkCrop, checkIndices, checkMasks } from "./arguments.ts";

/** What sets a family apart that makes each sample by a pass of its own. */
export interface PassFamily<Start, One extends number | Draw> {
  /** How many different samples there can be; absent where there is no end. */
  readonly members?: number;
  /** What is done once per crop. */
  start(crop: Crop): Start | Promise<Start>;
  /** Logits [H, W] of one sample, by its seed, its member or head, or its z. */
  pass(start: Start, one: One): Promise<Float32Array>;
  free?(start: Start): void;
  /** Where the family has a z. */
  posteriors?(crop: Crop, masks: readonly Mask[]): Promise<Gaussian[]>;
  dispose(): void;
}

export function passModel<Start, One extends number | Draw>(
  config: ModelConfig,
  family: PassFamily<Start, One>,
): Model {
  const { choice, architecture } = config;
  const { members = null, posteriors } = family;
  const head = choice === "z" ? { latent: architecture.latent, fieldSpacings: [] } : null;
  let last: { readonly crop: Crop; readonly start: Start } | null = null;
  const forget = () => {
    if (last) family.free?.(last.start);
    last = null;
  };
  const startOn = async (crop: Crop): Promise<Start> => {
    if (last?.crop === crop) return last.start;
    forget();
    last = { crop, start: await family.start(crop) };
    return last.start;
  };
  return {
    config,
    choice,
    members,
    head,
    decode: null,
    report: () => null,
    prepare: async (crop, task) => {
      checkCrop(crop, architecture);
      throwIfAborted(task?.signal);
      forget();
      await startOn(crop);
      task?.onProgress?.(1);
      return { crop, prior: head && standardGaussian(head.latent), encoding: null };
    },
    draw: async ({ crop }, choices, want, task) => {
      if (choices.kind !== choice) throw wrongChoices(config, choices);
      if (choices.kind === "member" || choices.kind === "head") checkIndices(choices.indices, members ?? 0);
      const all = eachOf(choices) as readonly One[];
      throwIfAborted(task?.signal);
      const start = await startOn(crop);
      const decoded = await samplesByPass(all.length, crop.size, want, task, (n) => family.pass(start, all[n] as One));
      return withRule(decoded, config);
    },
    ...(posteriors && {
      posteriors: async ({ crop }: { readonly crop: Crop }, masks: readonly Mask[]) => {
        checkMasks(masks, crop);
        return posteriors(crop, masks);
      },
    }),
    dispose: () => {
      forget();
      family.dispose();
    },
  };
}

function eachOf(choices: Choices): readonly (number | Draw)[] {
  if (choices.kind === "z") return choices.draws;
  return choices.kind === "seed" ? choices.seeds : choices.indices;
}

/**
 * Samples of a system that makes each by a pass of its own: `logitsOf(n)` gives sample n, [size, size]. Listens to the
 * task between passes. @throws GraderspaceError Aborted
 */
export async function samplesByPass(
  count: number,
  size: number,
  want: Want,
  task: Task | undefined,
  logitsOf: (n: number) => Promise<Float32Array>,
): Promise<Decoded> {
  const pixels = size * size;
  const probabilities = new Float32Array(count * pixels);
  for (let n = 0; n < count; n++) {
    await task?.pause?.();
    throwIfAborted(task?.signal);
    probabilities.set((await logitsOf(n)).map(sigmoid), n * pixels);
    task?.onProgress?.((n + 1) / count);
  }
  throwIfAborted(task?.signal);
  const samples = { count, width: size, height: size, probabilities };
  return { ...(want.samples && { samples }), ...(want.statistics && { statistics: statisticsOf(samples) }) };
}
