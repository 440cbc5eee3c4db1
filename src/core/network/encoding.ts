/** A Gaussian with independent axes. */
export interface Gaussian {
  /** [L] */
  readonly mean: Float32Array;
  /** [L], log of the standard deviation (not of the variance). */
  readonly logSigma: Float32Array;
}

/** A grader's place in the latent space: Q(z | image, mask), and what goes with it beside z. */
export interface Posterior extends Gaussian {
  /** Where the model has local fields and they were found together with z. */
  readonly fields?: {
    /** The mode, one grid per spacing as in a draw. */
    readonly mean: readonly Float32Array[];
    /** KL of the fields given z, in nats, averaged over Q(z): what comes on top of that of z. */
    readonly nats: number;
  };
  /** u of the gate for who drew nothing, where the model has one; missing: it was open. */
  readonly u?: number;
}

/** The four convolutions 1×1 after z has been added, transposed for the decode: out[j] = Σ_i in[i]·weights[i*outputs+j] + bias[j]. */
export interface Dense {
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs, outputs] */
  readonly weights: Float32Array;
  /** [outputs] */
  readonly bias: Float32Array;
}

/** How z enters, and the 1×1 layers behind it: `comb` of the network (Kohl et al. 2018, f_comb). */
export interface CombWeights {
  /** W_z [L, C]: what one unit of each axis adds to the base of every pixel. Its bias is already in the base. */
  readonly latent: Float32Array;
  /** The layers after the first: C→C … C→1, a ReLU before each of them. */
  readonly layers: readonly Dense[];
}

/** The part of a model that decoding needs: fixed per model, sent once. */
export interface HeadWeights {
  readonly latent: number;
  readonly channels: number;
  readonly comb: CombWeights | null;
  /** Grid spacings in pixels of the local fields, e.g. [8, 4]; empty where there are none. */
  readonly fieldSpacings: readonly number[];
  /** Factor on the upsampled fields (1.5). */
  readonly fieldScale: number;
  /** Standard deviation in pixels, of x and of y alike, by which a whole sample lies off; 0 or missing: none does. */
  readonly shift?: number;
  /** Whether an encoding has a presence logit, by which a draw's u says whether there is anything at all. */
  readonly gate?: boolean;
}

/**
 * What encoding an image leaves for decoding: everything that does not depend on z.
 * logits(z) = comb(base + W_z z) + factor·z + Σ_s amplitude_s · upsample(field_s), under `top`, read off by the shift;
 * nothing where the gate is shut (core/network/shift-and-gate.ts)
 */
export interface Encoding {
  readonly width: number;
  readonly height: number;
  /** Channels of `base`: C with comb, 1 (the mean map) without. */
  readonly channels: number;
  /** [H, W, C] = W_f·features + b, before the first ReLU; without comb the mean logits [H, W, 1]. */
  readonly base: Float32Array;
  /** [H, W, L] */
  readonly factor?: Float32Array;
  /** [H, W, S], after its softplus: one per field spacing. */
  readonly amplitude?: Float32Array;
  /** [H, W]: the envelope, no logit rises above it. */
  readonly top?: Float32Array;
  /** logit p(x) of the gate: how likely a sample is anything at all. Missing where the model has no gate. */
  readonly presence?: number;
  readonly prior: Gaussian;
}

/** One choice of everything random: z, and the local fields where the model has them. */
export interface Draw {
  /** [L] */
  readonly z: Float32Array;
  /** One grid per spacing, [H / spacing, W / spacing] standard normals, row-major. */
  readonly fields?: readonly Float32Array[];
  /** [x, y] standard normals: to the right and downwards, times `shift` of the head in pixels. Missing: 0. */
  readonly shift?: readonly [number, number];
  /** Standard normal of the gate: nothing is drawn where u ≤ −Φ⁻¹(p). Missing: 0; Infinity: always drawn. */
  readonly u?: number;
}

export interface Samples {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** P(lesion) [N, H, W] in [0, 1]. */
  readonly probabilities: Float32Array;
  /** Parts of a mask of them under so many pixels are dropped, but for the largest (`smallestPart` of the config). */
  readonly smallestPart?: number;
}

/** Per pixel over the samples, each [H, W]. */
export interface Statistics {
  readonly mean: Float32Array;
  /** mean (p − p̄)², in [0, 0.25]. */
  readonly variance: Float32Array;
  /** H(p̄) in nats, in [0, ln 2]. */
  readonly entropy: Float32Array;
  /** H(p̄) − mean H(p): between-sample disagreement, in nats. */
  readonly mutualInformation: Float32Array;
}

export interface Task {
  readonly signal?: AbortSignal;
  onProgress?(fraction: number): void;
  /** Long work awaits this now and then: there its thread hears its messages, an abort among them. */
  pause?(): Promise<void>;
}

export interface Want {
  readonly samples?: boolean;
  readonly statistics?: boolean;
}

export interface Decoded {
  readonly samples?: Samples;
  readonly statistics?: Statistics;
}

/** One draw on a picture that goes by a name. A name stands for one picture for good. */
export interface NamedDraw {
  readonly name: number;
  readonly draw: Draw;
  /** To be given where the decoder may not hold the picture: not yet, or not any more. */
  readonly encoding?: Encoding;
}

/** Port: turns draws into probabilities. Implementations: plain (core), WGSL (gpu), wasm worker (engine). */
export interface Decoder {
  readonly kind: "plain" | "wasm" | "webgpu";
  open(encoding: Encoding): void;
  /** @throws GraderspaceError BadArgument before `open`; Aborted; DeviceLost; OutOfMemory */
  decode(draws: readonly Draw[], want: Want, task?: Task): Promise<Decoded>;
  /**
   * P [H, W] of one draw on each of many pictures, whatever is open. Pictures that are given are held, so that they are
   * sent and packed once, up to HELD_BYTES: the one used longest ago goes first. Null for a picture that is neither held
   * nor given: whoever has it gives it again. @throws as `decode`
   */
  decodeEach(parts: readonly NamedDraw[], task?: Task): Promise<(Float32Array | null)[]>;
  /** Frees what `decodeEach` holds. */
  forget(): void;
  dispose(): void;
}
