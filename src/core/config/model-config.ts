/** `models/<name>/config.json`: what the page and the command line know of a model before its weights are read. */
/** Networks that this program builds itself. */
export type OwnFamily = "prob-unet" | "dropout-unet" | "unet-ensemble" | "m-heads" | "image2image-vae";
/** "onnx": it brings its own graph. "samples": they were made elsewhere, and no network stands behind them (core/samples). */
export type Family = OwnFamily | "onnx" | "samples";
export type Choice = "z" | "seed" | "member" | "head" | "samples";

/** Channels and 3×3 convolutions of each level; a level's map is half as large as the one before. */
export interface PresenceNet {
  readonly channels: readonly number[];
  /** 0: the first level's image as it is, one channel. */
  readonly convs: readonly number[];
}

export interface HeadConfig {
  /** False: one mean map in the comb's place. */
  readonly comb: boolean;
  /** Rank of the low-rank factor; 0 = absent. */
  readonly factor: number;
  /** Grid spacings in pixels of the local fields; empty = absent. */
  readonly fields: readonly number[];
  readonly fieldScale: number;
  readonly envelope: boolean;
  /** "gate": whether anything is drawn at all is decided by a logit of its own. Null or missing: by the samples alone. */
  readonly presence?: "gate" | null;
  /** The gate's own small encoders of the image; missing or null: none. */
  readonly presenceNets?: readonly PresenceNet[] | null;
  /** Standard deviation in pixels by which a whole sample lies off; 0 or missing: none does. */
  readonly shift?: number;
}

export interface Architecture {
  readonly channels: readonly number[];
  readonly convsPerBlock: number;
  /** Dimensions of z; 0 where the system has none. */
  readonly latent: number;
  readonly head: HeadConfig;
  readonly prior: "net" | "standard";
  readonly posterior: "net" | "newton";
  readonly combHidden: number;
  readonly upsample: "bilinear-align-corners" | "bilinear-half-pixel";
  readonly pooling: "average";
  readonly outputChannels: 1;
  readonly maskOffset: number;
  /** M-Heads: number of heads; ONNX: of members. */
  readonly heads?: number;
  /** Dropout U-Net: probability of a zero. */
  readonly dropout?: number;
}

/** A network of any maker as one ONNX graph, image [1, 1, H, W] and noise [1, L] in, one map [1, 1, H, W] out. */
export interface OnnxWhole {
  readonly file: string;
  readonly image: string;
  readonly noise: string;
  /** The output's name, and what its numbers are. */
  readonly output: "logits" | "probabilities";
  /** [rows, columns] */
  readonly shape: readonly [number, number];
  /** Length of the noise: of z where the choice is z, else the number of members, of which a one-hot noise takes one. */
  readonly noiseSize: number;
  /** Seconds that one run may take. */
  readonly runSeconds: number;
}

/** The same as two graphs: what looks at the image, once a region, and what draws from its features and the noise. */
export interface OnnxHalves {
  readonly encode: { readonly file: string; readonly image: string; readonly features: readonly string[] };
  readonly decode: {
    readonly file: string;
    readonly features: readonly string[];
    readonly noise: string;
    readonly output: OnnxWhole["output"];
  };
  readonly shape: OnnxWhole["shape"];
  readonly noiseSize: number;
  readonly runSeconds: number;
}

export type OnnxConfig = OnnxWhole | OnnxHalves;

/** Mean nats of the axis over the graders of `val`, and 1 − IoU between its −2σ and +2σ masks. */
export interface AxisReport {
  readonly kl: number;
  readonly effect: number;
}

/**
 * How many of some readers would draw a lesion at all, by how often a model draws it: a beta-binomial whose mean follows
 * the model's own share. Fitted to slices on which somebody drew, and so a law of these alone: of k given k ≥ 1.
 */
export interface PresenceLaw {
  /** logit of the mean = intercept + slope · logit of the model's share. */
  readonly intercept: number;
  readonly slope: number;
  /** Sum of both parameters of the beta distribution: the smaller, the more readers go together. */
  readonly concentration: number;
  /** Draws behind the model's share when the law was fitted. */
  readonly draws: number;
  /** Slices that it was fitted to. */
  readonly slices: number;
}

export interface ModelConfig {
  readonly version: 1;
  readonly name: string;
  readonly title: string;
  readonly family: Family;
  readonly choice: Choice;
  /** Of family onnx only `latent` and `heads` mean something. */
  readonly architecture: Architecture;
  /** There for family onnx. */
  readonly onnx?: OnnxConfig;
  /** Samples of every picture, where the samples themselves are given. */
  readonly given?: number;
  readonly preprocessing: { readonly size: number; readonly scaling: "min-max-8bit" };
  readonly threshold: number;
  /** Parts of a sample's mask under so many pixels are dropped, but for its largest part; 0 or missing: none are. */
  readonly smallestPart?: number;
  readonly axes: readonly AxisReport[];
  /** Mean nats of the local fields given z over the graders of `val`, where they are told from a mask with z. */
  readonly fieldsKl?: number;
  readonly modes: readonly { readonly effect: number }[];
  readonly presenceLaw?: PresenceLaw;
  readonly weights: readonly {
    readonly file: string;
    readonly dtype: "f16" | "f32" | "i8";
    readonly sha256: string;
    readonly bytes: number;
  }[];
  readonly training: Readonly<Record<string, unknown>>;
  readonly licence: string;
}

/** Whether a grader's place in z can be told: by a posterior net or by Newton steps; a graph from elsewhere has neither. */
export function hasPosterior({ choice, family }: Pick<ModelConfig, "choice" | "family">): boolean {
  return choice === "z" && family !== "onnx";
}

/** An axis does something where kl ≥ .1 and effect ≥ .05; where the prior is not a net there is no learnt kl to ask for. */
export function isLive(axis: AxisReport): boolean {
  return axis.kl >= 0.1 && axis.effect >= 0.05;
}

/** How many different samples a system can give; null where there is no end. */
export function membersIn({ choice, weights, architecture, given }: ModelConfig): number | null {
  if (choice === "member") return architecture.heads ?? weights.length;
  if (choice === "samples") return given ?? 0;
  return choice === "head" ? (architecture.heads ?? null) : null;
}
