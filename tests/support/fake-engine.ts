import type { ModelConfig } from "../../src/core/config/model-config.ts";
import { throwIfAborted } from "../../src/core/errors.ts";
import type {
  Decoded,
  Decoder,
  Draw,
  Encoding,
  HeadWeights,
  NamedDraw,
  Samples,
  Task,
  Want,
} from "../../src/core/network/encoding.ts";
import { upsampleField } from "../../src/core/network/field.ts";
import { type Insides, innerMapOf } from "../../src/core/network/inside/inner-maps.ts";
import { sigmoid } from "../../src/core/network/logits.ts";
import type { BackendReport, Model, ModelFiles } from "../../src/core/network/model.ts";
import { placementOf } from "../../src/core/network/shift-and-gate.ts";
import { statisticsOf } from "../../src/core/network/statistics.ts";
import { withDecoder } from "../../src/core/network/with-decoder.ts";
import { latticeSizes } from "../../src/core/random/draws.ts";
import { standardGaussian } from "../../src/core/random/gaussian.ts";
import type { Crop } from "../../src/core/values/region.ts";
import { areaPx } from "../../src/core/values/slice.ts";

/** Six axes, linear in z: size, shape and place of a blob round the brightest spot near the middle; the last two are dead. */
export const FAKE_HEAD: HeadWeights = { latent: 6, channels: 1, comb: null, fieldSpacings: [], fieldScale: 1.5 };

export const FAKE_REPORT: BackendReport = {
  backend: "cpu",
  detail: "made up for tests",
  rejected: [],
  versions: { fake: "1" },
  limits: {},
  timings: { load: 1, encode: 1 },
};

const EFFECTS = [0.21, 0.84, 0.4, 0.12, 0.01, 0];

export const FAKE_CONFIG: ModelConfig = {
  version: 1,
  name: "fake",
  title: "Fake model",
  family: "prob-unet",
  choice: "z",
  architecture: {
    channels: [1],
    convsPerBlock: 1,
    latent: 6,
    head: { comb: false, factor: 6, fields: [], fieldScale: 1.5, envelope: false },
    prior: "net",
    posterior: "net",
    combHidden: 1,
    upsample: "bilinear-half-pixel",
    pooling: "average",
    outputChannels: 1,
    maskOffset: 0.5,
  },
  preprocessing: { size: 128, scaling: "min-max-8bit" },
  threshold: 0.5,
  axes: EFFECTS.map((effect) => ({ effect, kl: effect * 3 })),
  modes: [],
  presenceLaw: { intercept: 0, slope: 1, concentration: 2, draws: 16, slices: 100 },
  weights: [{ file: "weights.safetensors", dtype: "f32", sha256: "0".repeat(64), bytes: 4 }],
  training: {},
  licence: "none",
};

/** The same with N(0, I) for a prior and local fields of 8 px. */
export const FAKE_FIELDS_HEAD: HeadWeights = { ...FAKE_HEAD, fieldSpacings: [8] };
export const FAKE_FIELDS_CONFIG: ModelConfig = {
  ...FAKE_CONFIG,
  name: "fake-fields",
  title: "Fake model with fields",
  architecture: {
    ...FAKE_CONFIG.architecture,
    head: { ...FAKE_CONFIG.architecture.head, fields: [8] },
    prior: "standard",
    posterior: "newton",
  },
};

/** The same with a gate, p(x) = .62 everywhere, so that nothing is drawn up to u = −.31; parts under 6 px are dropped. */
export const FAKE_GATED_HEAD: HeadWeights = { ...FAKE_FIELDS_HEAD, gate: true, shift: 0.6 };
export const FAKE_GATED_CONFIG: ModelConfig = {
  ...FAKE_FIELDS_CONFIG,
  name: "fake-gated",
  title: "Fake model with a gate",
  architecture: {
    ...FAKE_FIELDS_CONFIG.architecture,
    head: { ...FAKE_FIELDS_CONFIG.architecture.head, presence: "gate", shift: 0.6 },
  },
  smallestPart: 6,
};

/**
 * Loads models that answer at once with smooth blobs: the same crop, the same blobs. `calls` counts what was asked of
 * all of them, and `network` is the one asked for last; a load ends when `slow` does.
 */
export class FakeEngine {
  readonly calls = { load: 0, encode: 0, posterior: 0, inside: 0, disposed: 0 };
  readonly fail: { load?: Error; encode?: Error; posterior?: Error; inside?: Error } = {};

  network = "";
  slow: Promise<void> | null = null;
  /** The model that each encode was made by. */
  readonly encodedBy: string[] = [];

  async load({ config }: ModelFiles, makeDecoder: (head: HeadWeights) => Decoder): Promise<Model> {
    this.calls.load++;
    if (this.fail.load) throw this.fail.load;
    this.network = config.name;
    await this.slow;
    const { fields, presence } = config.architecture.head;
    const head = presence === "gate" ? FAKE_GATED_HEAD : fields.length > 0 ? FAKE_FIELDS_HEAD : FAKE_HEAD;
    const model: Omit<Model, "draw"> = {
      config,
      choice: "z",
      members: null,
      head,
      decode: head,
      report: () => FAKE_REPORT,
      prepare: async (crop) => {
        this.calls.encode++;
        this.encodedBy.push(config.name);
        if (this.fail.encode) throw this.fail.encode;
        const plain = fakeEncoding(crop);
        const amplitude = plain.base.map((logit) => (logit === NEVER ? 0 : 0.8));
        const wavering = head.fieldSpacings.length === 0 ? plain : { ...plain, amplitude };
        const encoding = head.gate ? { ...wavering, presence: 0.5 } : wavering;
        return { crop, prior: encoding.prior, encoding };
      },
      posteriors: async (_prepared, masks) => {
        this.calls.posterior++;
        if (this.fail.posterior) throw this.fail.posterior;
        return masks.map((mask) => {
          const size = Math.sqrt(areaPx(mask)) / 8 - 1.2;
          const sway = ((areaPx(mask) % 17) - 8) / 8;
          const mean = Float32Array.of(0.4 * sway, size, sway, 0.2, 0, 0);
          const place = { mean, logSigma: new Float32Array(6).fill(Math.log(0.4)) };
          if (head.fieldSpacings.length === 0) return place;
          const { size: side } = config.preprocessing;
          const grids = latticeSizes(side, side, head.fieldSpacings);
          const wave = (areaPx(mask) % 5) / 5;
          const fields = grids.map((grid) => new Float32Array(grid.width * grid.height).fill(wave));
          return { ...place, fields: { mean: fields, nats: 1.5 } };
        });
      },
      lookInside: async ({ crop }) => {
        this.calls.inside++;
        if (this.fail.inside) throw this.fail.inside;
        return fakeInsides(crop);
      },
      dispose: () => {
        this.calls.disposed++;
      },
    };
    return withDecoder(model, makeDecoder(head));
  }
}

/** A U-Net of two levels whose maps are the crop, twice. */
function fakeInsides(crop: Crop): Insides {
  const twice = Float32Array.from({ length: 2 * crop.values.length }, (_, i) => crop.values[i >> 1] as number);
  const map = innerMapOf(twice, crop.size);
  return { down: [map, map], up: [map], base: innerMapOf(fakeEncoding(crop).base, crop.size), prior: [map] };
}

/** Encodings by the bits of their crops: the same crop, the same encoding. */
const ENCODINGS = new Map<string, Encoding>();

/** logits = 4 − r²-like bowl round the blob's centre + factor·z. */
export function fakeEncoding(crop: Crop): Encoding {
  const bits = new Uint32Array(crop.values.buffer, crop.values.byteOffset, crop.values.length);
  let [one, other] = [0x811c9dc5, 0x1234567]; // 64 bits of FNV-1a
  for (const word of bits) {
    one = Math.imul(one ^ word, 0x01000193);
    other = Math.imul(other ^ (word >>> 7), 0x01000193);
  }
  const key = `${crop.size} ${one} ${other}`;
  const known = ENCODINGS.get(key) ?? newEncoding(crop);
  if (ENCODINGS.size < 8) ENCODINGS.set(key, known);
  return known;
}

/** In 8 px from the blob's centre: further out no z and no field makes a mask, and nothing is computed. */
const BLOB_REACH = 4;
const NEVER = -120; // its sigmoid is 0 in 32 bits, as is its entropy

function newEncoding({ size, values }: Crop): Encoding {
  const [cx, cy] = brightestNear(values, size);
  const base = new Float32Array(size * size);
  const factor = new Float32Array(size * size * 6);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [dx, dy] = [(x - cx) / 8, (y - cy) / 8];
      const at = y * size + x;
      const r = Math.hypot(dx, dy);
      if (r >= BLOB_REACH) {
        base[at] = NEVER;
        continue;
      }
      base[at] = Math.max(-12, 2.4 - 3.2 * r * r + 2 * ((values[at] as number) - 0.4));
      const near = Math.exp(-(r * r) / 6);
      factor.set([1.1 * near * dx, 2.2 * near, 2 * near * (dx * dx - dy * dy), 1.1 * near * dy, 0, 0], at * 6);
    }
  }
  return { width: size, height: size, channels: 1, base, factor, prior: standardGaussian(6) };
}

/** The brightest spot of a 5 × 5 mean within 20 px of the middle. */
function brightestNear(values: Float32Array, size: number): [number, number] {
  let best: [number, number, number] = [size / 2, size / 2, Number.NEGATIVE_INFINITY];
  for (let y = size / 2 - 20; y < size / 2 + 20; y++) {
    for (let x = size / 2 - 20; x < size / 2 + 20; x++) {
      let sum = 0;
      for (let v = -2; v <= 2; v++) for (let u = -2; u <= 2; u++) sum += values[(y + v) * size + x + u] ?? 0;
      if (sum > best[2]) best = [x, y, sum];
    }
  }
  return [best[0], best[1]];
}

/** Samples by the encoding's factor and by z, and how many of them at most. */
const KEPT = new WeakMap<Float32Array, Map<string, Float32Array>>();
const MOST_KEPT = 600;

/** What a draw moves of a picture: the pixels with a factor or an amplitude, and the sigmoid of all the others. */
interface Moved {
  readonly pixels: Int32Array;
  readonly rest: Float32Array;
}
const MOVED = new WeakMap<Float32Array, Moved>();

function movedBy({ base, factor, amplitude }: Encoding, latent: number): Moved {
  const weights = factor as Float32Array;
  const known = MOVED.get(weights);
  if (known) return known;
  const moved = Array.from(base.keys()).filter(
    (pixel) => (amplitude?.[pixel] ?? 0) !== 0 || weights.subarray(pixel * latent, (pixel + 1) * latent).some(Boolean),
  );
  const found = { pixels: Int32Array.from(moved), rest: base.map(sigmoid) };
  MOVED.set(weights, found);
  return found;
}

/**
 * The plain decoder in one pass over the pixels, for heads without a comb: to the bit what that gives, in a tenth of
 * its time (fake-engine.test.ts). Counts its decodes; `hold` makes them wait until `release`.
 */
export class FakeDecoder implements Decoder {
  readonly kind = "plain";
  decodes = 0;
  /** Those of one draw alone: what a moved z shows. */
  singles = 0;
  held: (() => void)[] = [];
  hold = false;
  /** Pictures that it was given by their names, and the names of each call. */
  readonly pictures = new Map<number, Encoding>();
  readonly asked: number[][] = [];

  private readonly head: HeadWeights;
  private encoding: Encoding | null = null;

  constructor(head: HeadWeights) {
    this.head = head;
  }

  open(encoding: Encoding): void {
    this.encoding = encoding;
  }

  async decode(draws: readonly Draw[], want: Want, task?: Task): Promise<Decoded> {
    this.decodes++;
    if (draws.length === 1) this.singles++;
    if (this.hold) await new Promise<void>((resolve) => this.held.push(resolve));
    const { encoding } = this;
    if (!encoding) throw new Error("a decoder was asked before it had an encoding");
    const { width, height } = encoding;
    const probabilities = new Float32Array(draws.length * width * height);
    for (const [n, draw] of draws.entries()) {
      throwIfAborted(task?.signal);
      this.sample(encoding, draw, probabilities.subarray(n * width * height, (n + 1) * width * height));
      task?.onProgress?.((n + 1) / draws.length);
    }
    const samples: Samples = { count: draws.length, width, height, probabilities };
    return { ...(want.samples && { samples }), ...(want.statistics && { statistics: statisticsOf(samples) }) };
  }

  async decodeEach(parts: readonly NamedDraw[], task?: Task): Promise<(Float32Array | null)[]> {
    this.asked.push(parts.map(({ name }) => name));
    if (this.hold) await new Promise<void>((resolve) => this.held.push(resolve));
    throwIfAborted(task?.signal);
    return parts.map(({ name, draw, encoding }) => {
      const picture = this.pictures.get(name) ?? encoding;
      if (!picture) return null;
      this.pictures.set(name, picture);
      const out = new Float32Array(picture.width * picture.height);
      this.sample(picture, draw, out);
      return out;
    });
  }

  forget(): void {
    this.pictures.clear();
  }

  /** What `one` gives, kept where z alone decides: the plane's 361 masks are the same in every test of a file. */
  private sample(encoding: Encoding, draw: Draw, out: Float32Array): void {
    if (!placementOf(this.head, encoding, draw).drawn) return; // `out` is zeros
    const factor = encoding.factor as Float32Array;
    const known = KEPT.get(factor) ?? new Map<string, Float32Array>();
    KEPT.set(factor, known);
    const z = draw.z.join();
    const kept = draw.fields?.[0] ? undefined : known.get(z);
    if (kept) out.set(kept);
    else this.one(encoding, draw, out);
    if (!kept && !draw.fields?.[0] && known.size < MOST_KEPT) known.set(z, out.slice());
  }

  /** sigmoid(base + factor·z + fieldScale · amplitude · field), into `out`. */
  private one(encoding: Encoding, { z, fields }: Draw, out: Float32Array): void {
    const { width, height, base, factor, amplitude } = encoding;
    const { latent, fieldSpacings, fieldScale } = this.head;
    const grid = latticeSizes(width, height, fieldSpacings)[0];
    const wave = grid && fields?.[0] ? upsampleField(fields[0], grid, width, height) : null;
    const [weights, strengths] = [factor as Float32Array, amplitude as Float32Array];
    const { pixels, rest } = movedBy(encoding, latent);
    out.set(rest);
    for (const pixel of pixels) {
      let logit = base[pixel] as number;
      for (let l = 0; l < latent; l++) logit += (weights[pixel * latent + l] as number) * (z[l] as number);
      if (wave) logit += fieldScale * (strengths[pixel] as number) * (wave[pixel] as number);
      out[pixel] = sigmoid(Math.fround(logit));
    }
  }

  release(): void {
    this.hold = false;
    for (const resolve of this.held.splice(0)) resolve();
  }

  dispose(): void {
    this.encoding = null;
  }
}
