import type { ModelConfig } from "../config/model-config.ts";
import type { Text } from "../language/say.ts";
import type { Choices, Drawable } from "../random/choices.ts";
import type { Crop } from "../values/region.ts";
import type { Mask } from "../values/slice.ts";
import type { Decoded, Decoder, Draw, Encoding, Gaussian, HeadWeights, Posterior, Task, Want } from "./encoding.ts";
import type { Insides } from "./inside/inner-maps.ts";

export type BackendName = "webgpu" | "wasm" | "cpu";

/** What the badge tells and its diagnostics copy. */
export interface BackendReport {
  readonly backend: BackendName;
  /** Adapter or instruction set: "SIMD, 1 thread", "NVIDIA …". */
  readonly detail: string;
  /** Why the better ones were not taken, in their order. */
  readonly rejected: readonly { readonly backend: BackendName; readonly reason: Text }[];
  readonly versions: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, number>>;
  /** Milliseconds of the last start, load and encode. */
  readonly timings: Readonly<Record<string, number>>;
}

/** `golden.json` and its binary: an input and what the network made of it in PyTorch (formats.md). */
export interface Golden {
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly offset: number }>>;
  readonly values: Uint8Array;
}

/** The files of one model, already read: small enough to hand over a port at once. */
export interface ModelFiles {
  readonly config: ModelConfig;
  /** One per entry of `config.weights`, in its order. */
  readonly weights: readonly Uint8Array[];
  /** Where given, a backend that does not reproduce it is not taken. */
  readonly golden?: Golden;
}

/** What is known of a model once it is loaded, and what it can do: nobody asks for its family's name. */
export interface ModelInfo extends Drawable {
  readonly config: ModelConfig;
  /** The light half, where z enters only there and a decode fits into a frame; null where every sample is a pass. */
  readonly decode: HeadWeights | null;
}

/** A crop that a model has looked at. */
export interface Prepared {
  readonly crop: Crop;
  /** P(z | crop); null where the model has no z. */
  readonly prior: Gaussian | null;
  /** All that a decode needs of the crop; null where every sample is a pass of its own, and before the engine is there. */
  readonly encoding: Encoding | null;
  /** `presence` of an encoding that is not there yet. */
  readonly presence?: number;
}

/** More than one at work on the same model: who has many crops asks for so many at once. */
export interface Crew {
  /** How many calls are quicker at once than in turn. */
  readonly lanes: number;
  /** As `Model.prepare`; the numbers are the same whoever answers, and however many there are. */
  prepare(crop: Crop, task?: Task): Promise<Prepared>;
}

/**
 * A loaded model: looks at a crop once, then draws samples of it. The same in this thread, over a port and with a
 * decoder in a worker of its own; one contract suite proves them all. Whatever was prepared may be drawn from at any
 * time: a model that has looked at another crop since, or whose worker died, looks again by itself.
 */
export interface Model extends ModelInfo {
  /** Where it runs, as last heard: it may have changed since the load, after a loss. Null where nobody chose. */
  report(): BackendReport | null;
  /** @throws GraderspaceError BadArgument, Aborted, OutOfMemory, NoBackend, WorkerLost */
  prepare(crop: Crop, task?: Task): Promise<Prepared>;
  /** @throws GraderspaceError BadArgument where the choices are of another kind; else as `prepare` */
  draw(prepared: Prepared, choices: Choices, want: Want, task?: Task): Promise<Decoded>;
  /**
   * P [size, size] of one draw on each of several crops, in one go: what many slices show of one reader within a frame.
   * Their encodings stay with the decoder (`Decoder.decodeEach`) until `forget`. There where the model has a decoder of
   * its own beside it. @throws as `draw`
   */
  drawEach?(prepared: readonly Prepared[], draws: readonly Draw[], task?: Task): Promise<readonly Float32Array[]>;
  /** Frees what `drawEach` holds. */
  forget?(): void;
  /** Q(z | crop, mask) of each mask [size, size] in the crop; absent where the model has no z. @throws as `prepare` */
  posteriors?(prepared: Prepared, masks: readonly Mask[], task?: Task): Promise<Posterior[]>;
  /** What lies between a crop and its encoding, to be looked at; there where `decode` is. @throws as `prepare` */
  lookInside?(prepared: Pick<Prepared, "crop">, task?: Task): Promise<Insides>;
  /** There where the machine has cores for it. Where every sample is a pass, `draw` may be asked as often at once. */
  readonly crew?: Crew;
  dispose(): void;
}

/** Makes the decoder for a head: the shell knows which one this machine runs best. */
export type MakeDecoder = (head: HeadWeights) => Promise<Decoder>;

/** What of a model is plain: it may go into a store or over a port. */
export function infoOf({ config, choice, members, head, decode }: ModelInfo): ModelInfo {
  return { config, choice, members, head, decode };
}
