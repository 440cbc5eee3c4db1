import type { Architecture, ModelConfig } from "../config/model-config.ts";
import { GraderspaceError, throwIfAborted } from "../errors.ts";
import { say } from "../language/say.ts";
import type { Model } from "../network/model.ts";
import { statisticsOf } from "../network/statistics.ts";
import { wrongChoices } from "../network/with-decoder.ts";
import { type Crop, REGION } from "../values/region.ts";
import { type GivenSamples, type SampleSet, samplesUnder } from "./sample-set.ts";

/** What stands where a network is described: there is none. */
const NO_NETWORK: Architecture = {
  channels: [],
  convsPerBlock: 0,
  latent: 0,
  head: { comb: false, factor: 0, fields: [], fieldScale: 0, envelope: false },
  prior: "net",
  posterior: "net",
  combHidden: 0,
  upsample: "bilinear-align-corners",
  pooling: "average",
  outputChannels: 1,
  maskOffset: 0.5,
};

/** Lesion is where P ≥ this: of masks, where they mark. */
const THRESHOLD = 0.5;

/** What the page and the command line know of a set of samples, as of any system. */
export function configOfSamples({ name, count, sha256 }: Omit<SampleSet, "read">): ModelConfig {
  return {
    version: 1,
    name,
    title: `${name} (${count} ${count === 1 ? "sample" : "samples"})`,
    family: "samples",
    choice: "samples",
    architecture: NO_NETWORK,
    given: count,
    preprocessing: { size: REGION, scaling: "min-max-8bit" },
    threshold: THRESHOLD,
    axes: [],
    modes: [],
    weights: [{ file: name, dtype: "f32", sha256, bytes: 0 }],
    training: {},
    licence: "that of the samples",
  };
}

/**
 * A set of samples behind the same port as a network: sample i of a picture is the i-th that was given, whatever the
 * seed. It has no z, no prior and no posterior.
 */
export function sampleModel(set: SampleSet): Model {
  const config = configOfSamples(set);
  let last: { readonly picture: string; readonly given: Promise<GivenSamples | null> } | null = null;
  const givenOf = async ({ picture }: Crop): Promise<GivenSamples> => {
    if (picture === undefined) throw noneHere(set.name);
    if (last?.picture !== picture) last = { picture, given: set.read(picture) };
    const given = await last.given.catch((error: unknown) => {
      last = null;
      throw error;
    });
    if (given) return given;
    throw noneHere(set.name);
  };
  return {
    config,
    choice: "samples",
    members: set.count,
    head: null,
    decode: null,
    report: () => null,
    prepare: async (crop, task) => {
      throwIfAborted(task?.signal);
      samplesUnder(await givenOf(crop), crop, 0, set.name); // whether they lie there
      task?.onProgress?.(1);
      return { crop, prior: null, encoding: null };
    },
    draw: async ({ crop }, choices, want, task) => {
      if (choices.kind !== "samples") throw wrongChoices(config, choices);
      const given = await givenOf(crop);
      throwIfAborted(task?.signal);
      const { indices } = choices;
      const missing = indices.find((index) => index >= given.count);
      if (missing !== undefined) {
        const problem = say`it has ${given.count} samples of this picture, and no sample ${missing + 1}`;
        throw new GraderspaceError("BadArgument", { file: set.name, problem, remedy: say`ask for fewer` });
      }
      const pixels = given.width * given.height;
      const values = new (given.values instanceof Uint8Array ? Uint8Array : Float32Array)(indices.length * pixels);
      for (const [n, index] of indices.entries())
        values.set(given.values.subarray(index * pixels, (index + 1) * pixels), n * pixels);
      const samples = samplesUnder({ ...given, count: indices.length, values }, crop, indices.length, set.name);
      return { ...(want.samples && { samples }), ...(want.statistics && { statistics: statisticsOf(samples) }) };
    },
    dispose: () => {
      last = null;
    },
  };
}

function noneHere(name: string): GraderspaceError {
  return new GraderspaceError("ModelNotFound", {
    file: name,
    problem: say`there are no samples of this slice`,
    remedy: say`go to a slice that has some, drop samples of this one, or choose another model`,
  });
}
