import type { MarkedCrop } from "../../../core/measures/evaluate-case.ts";
import type { Encoding } from "../../../core/network/encoding.ts";
import type { Model, ModelFiles, Prepared } from "../../../core/network/model.ts";
import { encodingOf, type HeadMaps } from "../../../core/teach/head-maps.ts";
import { type LinearHead, linearHeadOf } from "../../../core/teach/linear-head.ts";
import type { CaseLoss } from "../../../core/teach/loss/case-loss.ts";
import { addRetouchGradient, gradientBelow, retouched, retouchPlaces } from "../../../core/teach/retouch.ts";
import type { TeachSettings } from "../../../core/teach/settings.ts";
import type { DeepWeights } from "../../../core/teach/taught.ts";
import { type TeachCase, teachCase, teachCaseBytes } from "../../../core/teach/teach-case.ts";
import { drawingFrom, type Student } from "../student.ts";
import { boxOf, placesInBox, wholeBox } from "./box.ts";
import { DeepNetwork, type NetworkInputs } from "./deep-network.ts";

/** The head learns, and the U-Net's last block or all of it with it. Freed by `dispose`. */
export class DeepStudent implements Student {
  readonly model: Model;
  readonly head: LinearHead;
  readonly length: number;
  readonly #network: DeepNetwork;
  readonly #reach: number;
  readonly #retouch: number;
  /** What the layers that learn read of each case. */
  readonly #inputs = new WeakMap<TeachCase, NetworkInputs>();
  #last: { readonly numbers: Float32Array; readonly weights: Float32Array } | null = null;

  private constructor(model: Model, network: DeepNetwork, reach: number) {
    this.model = model;
    this.head = linearHeadOf(model.config);
    this.#network = network;
    this.#reach = reach;
    this.#retouch = retouchPlaces(this.head).length;
    this.length = this.#retouch + network.layout.length;
  }

  /** On the backend that is current. @throws GraderspaceError as `linearHeadOf` and `loadModel` */
  static async create(
    model: Model,
    files: ModelFiles,
    { depth, deepReach }: Pick<TeachSettings, "deepReach"> & { readonly depth: "block" | "all" },
  ): Promise<DeepStudent> {
    linearHeadOf(files.config);
    return new DeepStudent(model, await DeepNetwork.create(files, depth), deepReach);
  }

  async keep({ encoding, crop }: Prepared, marked: MarkedCrop) {
    const kept = teachCase(this.head, encoding as Encoding, marked);
    const inputs = await this.#network.inputs(crop, boxOf(kept.seen, this.#network.margin, this.head.gate));
    this.#inputs.set(kept, inputs);
    return { kept, bytes: teachCaseBytes(kept) + inputs.bytes };
  }

  async maps(kept: TeachCase, numbers: Float32Array): Promise<HeadMaps> {
    return retouched(this.head, await this.#parentMaps(kept, numbers), numbers);
  }

  async addGradient(
    kept: TeachCase,
    numbers: Float32Array,
    { gradient, gate }: CaseLoss,
    scale: number,
    sum: Float32Array,
  ): Promise<void> {
    const made = await this.#parentMaps(kept, numbers);
    addRetouchGradient(this.head, made, gradient, gate, scale, sum);
    const inputs = this.#inputsOf(kept);
    const below = gradientBelow(this.head, gradient, numbers);
    const inWeights = await this.#network.gradient(
      inputs,
      this.#weights(numbers),
      placesInBox(kept.seen, inputs.box),
      below,
    );
    for (let i = 0; i < inWeights.length; i++) {
      const at = this.#retouch + i;
      sum[at] = (sum[at] as number) + scale * this.#reach * (inWeights[i] as number);
    }
  }

  stay({ stay, deepStay }: TeachSettings, index: number): number {
    return index < this.#retouch ? stay : deepStay;
  }

  drawing(numbers: Float32Array) {
    return drawingFrom(this.model, async (encoding, crop) => {
      const inputs = await this.#network.inputs(crop, wholeBox(crop.size));
      const maps = await this.#network.maps(inputs, this.#weights(numbers));
      return encodingOf(this.head, retouched(this.head, maps, numbers), encoding);
    });
  }

  deepWeights(numbers: Float32Array): DeepWeights {
    return this.#network.named(this.#weights(numbers));
  }

  dispose(): void {
    this.#network.dispose();
  }

  #made: { readonly kept: TeachCase; readonly numbers: Float32Array; readonly maps: HeadMaps } | null = null;

  /** The last ones are asked for twice: for the loss and for its gradient. */
  async #parentMaps(kept: TeachCase, numbers: Float32Array): Promise<HeadMaps> {
    if (this.#made?.kept === kept && this.#made.numbers === numbers) return this.#made.maps;
    const inputs = this.#inputsOf(kept);
    const maps = await this.#network.maps(inputs, this.#weights(numbers), placesInBox(kept.seen, inputs.box));
    this.#made = { kept, numbers, maps };
    return maps;
  }

  #inputsOf(kept: TeachCase): NetworkInputs {
    return this.#inputs.get(kept) as NetworkInputs;
  }

  /** The same array for the same numbers: the network keeps its tensors. */
  #weights(numbers: Float32Array): Float32Array {
    if (this.#last?.numbers === numbers) return this.#last.weights;
    const weights = this.#network.parent.map(
      (value, i) => value + this.#reach * (numbers[this.#retouch + i] as number),
    );
    this.#last = { numbers, weights };
    return weights;
  }
}
