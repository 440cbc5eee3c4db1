import { GraderspaceError } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import type { Task } from "../core/network/encoding.ts";
import type { MakeDecoder, Model, ModelFiles } from "../core/network/model.ts";
import { PlainDecoder } from "../core/network/plain-decoder.ts";
import { loadProbUNetModel } from "./prob-unet-model.ts";

/**
 * Builds a model of any family on the backend that is current. One call at a time: a look at another crop takes the
 * place of the last. `makeDecoder` is asked where the light half is apart; by default it is core's plain one.
 * @throws GraderspaceError ModelMissingTensor, ModelWrongShape, ModelWrongDtype, ModelTruncated, ModelHashDiffers,
 * ModelConfig, DamagedFile
 */
export async function loadModel(
  files: ModelFiles,
  makeDecoder: MakeDecoder = async (head) => new PlainDecoder(head),
  task?: Task,
): Promise<Model> {
  // Imported on demand: a page with one model does not load the others' code.
  switch (files.config.family) {
    case "prob-unet":
      return loadProbUNetModel(files, makeDecoder);
    case "dropout-unet":
      return (await import("./dropout-unet.ts")).loadDropoutUNet(files);
    case "unet-ensemble":
      return (await import("./unet-ensemble.ts")).loadEnsemble(files, task);
    case "m-heads":
      return (await import("./m-heads.ts")).loadMHeads(files);
    case "image2image-vae":
      return (await import("./image2image-vae.ts")).loadVae(files);
    case "onnx":
      return (await import("./onnx/onnx-model.ts")).loadOnnx(files);
    case "samples":
      throw new GraderspaceError("ModelConfig", {
        file: files.config.name,
        problem: say`it is a set of samples, and no network`,
        remedy: say`give it with --samples, or drop it on its slice`,
      });
  }
}
