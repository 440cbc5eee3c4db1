import type { ModelConfig } from "../core/config/model-config.ts";
import { GraderspaceError } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import type { ModelFiles } from "../core/network/model.ts";
import { readSafetensors, type StoredTensor, verifyHash } from "./safetensors.ts";

/** The numbers of one weights file, handed out by name and shape: each must be asked for, and each must be there. */
export class Parameters {
  readonly file: string;
  readonly #tensors: Map<string, StoredTensor>;
  readonly #taken = new Set<string>();

  constructor(tensors: Map<string, StoredTensor>, file: string) {
    this.#tensors = tensors;
    this.file = file;
  }

  /**
   * Row-major values of the tensor, in PyTorch's axis order.
   * @throws GraderspaceError ModelMissingTensor, ModelWrongShape
   */
  take(name: string, shape: readonly number[]): Float32Array {
    const tensor = this.#tensors.get(name);
    const remedy = say`take the config.json and the weights of the same model`;
    if (tensor === undefined) {
      const problem = say`tensor ${name} of shape [${shape.join(", ")}] is missing`;
      throw new GraderspaceError("ModelMissingTensor", { file: this.file, problem, remedy });
    }
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i])) {
      const problem = say`tensor ${name} has shape [${tensor.shape.join(", ")}], config.json asks for [${shape.join(", ")}]`;
      throw new GraderspaceError("ModelWrongShape", { file: this.file, problem, remedy });
    }
    this.#taken.add(name);
    return tensor.values;
  }

  /**
   * Call when the network is built: a tensor nobody asked for means that the config names another network.
   * @throws GraderspaceError ModelConfig
   */
  finish(): void {
    const left = [...this.#tensors.keys()].filter((name) => !this.#taken.has(name));
    if (left.length === 0) return;
    const problem = say`it holds ${left.slice(0, 3).join(", ")}${left.length > 3 ? ", …" : ""}, which config.json does not name`;
    const remedy = say`take the config.json that belongs to the weights`;
    throw new GraderspaceError("ModelConfig", { file: this.file, problem, remedy });
  }
}

/**
 * Checks length and hash of one weights file, then reads it.
 * @throws GraderspaceError ModelHashDiffers, ModelTruncated, ModelWrongDtype, ModelWrongShape, DamagedFile
 */
async function openParameters(bytes: Uint8Array, entry: ModelConfig["weights"][number]): Promise<Parameters> {
  await verifyHash(bytes, entry);
  const tensors = readSafetensors(bytes, entry.file);
  for (const [name, { dtype }] of tensors) {
    // In a file of 8 bits the small tensors, where a rounding would be felt and saves nothing, stay at 16.
    if (dtype === entry.dtype || (entry.dtype === "i8" && dtype === "f16")) continue;
    const problem = say`tensor ${name} is stored as ${dtype}, config.json says ${entry.dtype}`;
    const remedy = say`take the config.json that belongs to the weights`;
    throw new GraderspaceError("ModelWrongDtype", { file: entry.file, problem, remedy });
  }
  return new Parameters(tensors, entry.file);
}

/** The weights file at `index` of the config, checked. @throws GraderspaceError as `openParameters` */
export async function openWeights({ config, weights }: ModelFiles, index: number): Promise<Parameters> {
  const [entry, bytes] = [config.weights[index], weights[index]];
  if (entry === undefined || bytes === undefined) {
    const problem = say`weights file ${index + 1} of ${config.weights.length} was not read`;
    throw new GraderspaceError("ModelNotFound", { file: config.name, problem, remedy: say`download the model again` });
  }
  return openParameters(bytes, entry);
}
