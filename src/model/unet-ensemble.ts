import * as tf from "@tensorflow/tfjs-core";
import { throwIfAborted } from "../core/errors.ts";
import type { Task } from "../core/network/encoding.ts";
import type { Model, ModelFiles } from "../core/network/model.ts";
import type { Crop } from "../core/values/region.ts";
import { disposeAll, imageOf, loadWeights, readBack } from "./layers.ts";
import { passModel } from "./passes.ts";
import { convsOfPlain, loadPlainUNet, logitsOfUNet, type PlainUNet } from "./plain-unet.ts";

/** The crop, and the logits of the members asked so far, [H, W] each. */
interface Start {
  readonly crop: Crop;
  readonly logits: Map<number, Float32Array>;
}

/**
 * U-Net Ensemble: each member is a U-Net of its own; a sample is one member's answer. Loads all members at once, saying
 * how many are there. @throws GraderspaceError as `loadModel`, and Aborted
 */
export async function loadEnsemble(files: ModelFiles, task?: Task): Promise<Model> {
  const { config } = files;
  const { architecture } = config;
  throwIfAborted(task?.signal);
  let there = 0;
  const load = async (index: number) => {
    const net = await loadWeights(files, index, (from) => loadPlainUNet(from, architecture));
    task?.onProgress?.(++there / config.weights.length);
    return net;
  };
  const loaded = await Promise.allSettled([...config.weights.keys()].map(load));
  const members = loaded.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const dispose = () => disposeAll(members.flatMap(convsOfPlain));
  try {
    const failed = loaded.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
    throwIfAborted(task?.signal);
  } catch (error) {
    dispose();
    throw error;
  }
  return passModel<Start, number>(config, {
    members: members.length,
    /** Nothing is common to the members: each runs when it is first asked. */
    start: (crop) => ({ crop, logits: new Map() }),
    pass: async ({ crop, logits }, member) => {
      const net = members[member] as PlainUNet;
      const known =
        logits.get(member) ?? (await readBack(tf.tidy(() => logitsOfUNet(imageOf(crop), net, architecture))));
      logits.set(member, known);
      return known;
    },
    dispose,
  });
}
