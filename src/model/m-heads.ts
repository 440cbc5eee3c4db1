import * as tf from "@tensorflow/tfjs-core";
import type { Model, ModelFiles } from "../core/network/model.ts";
import { disposeAll, imageOf, loadWeights, readBack } from "./layers.ts";
import { passModel } from "./passes.ts";
import { convsOfPlain, loadPlainUNet, logitsOfUNet } from "./plain-unet.ts";

/** M-Heads: one U-Net, M maps of logits on its last features, trained so that the closest head learns. One pass in all. */
export async function loadMHeads(files: ModelFiles): Promise<Model> {
  const { config } = files;
  const { architecture } = config;
  const { heads: members = 0 } = architecture;
  const net = await loadWeights(files, 0, (from) =>
    loadPlainUNet(from, architecture, { last: "heads", maps: members }),
  );
  return passModel<Float32Array, number>(config, {
    members,
    /** All heads of the crop, [H, W, M]. */
    start: (crop) => readBack(tf.tidy(() => logitsOfUNet(imageOf(crop), net, architecture))),
    pass: async (logits, head) => {
      return Float32Array.from({ length: logits.length / members }, (_, i) => logits[i * members + head] as number);
    },
    dispose: () => disposeAll(convsOfPlain(net)),
  });
}
