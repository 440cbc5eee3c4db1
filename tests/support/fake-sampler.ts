import type { ModelConfig, NetworkFamily } from "../../src/core/config/model-config.ts";
import { CHOICE_OF } from "../../src/core/config/parse-config.ts";
import { GraderspaceError, throwIfAborted } from "../../src/core/errors.ts";
import type { Decoded, Draw, Encoding, Gaussian, Task, Want } from "../../src/core/network/encoding.ts";
import type { Model, ModelFiles, Prepared } from "../../src/core/network/model.ts";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import type { Choices } from "../../src/core/random/choices.ts";
import { standardGaussian } from "../../src/core/random/gaussian.ts";
import type { Crop } from "../../src/core/values/region.ts";
import { areaPx, type Mask } from "../../src/core/values/slice.ts";
import { FAKE_CONFIG, FAKE_HEAD, FAKE_REPORT, fakeEncoding } from "./fake-engine.ts";

/** A system without a law of how many readers would draw it. */
const { presenceLaw: _law, ...WITHOUT_LAW } = FAKE_CONFIG;

/** A config of any family; ensembles have 3 members, M-Heads 4 heads. */
export function fakeConfig(family: NetworkFamily, name = `fake-${family}`): ModelConfig {
  const file = { file: "weights.safetensors", dtype: "f32", sha256: "0".repeat(64), bytes: 4 } as const;
  return {
    ...WITHOUT_LAW,
    name,
    title: `Fake ${family}`,
    family,
    choice: CHOICE_OF[family],
    architecture: {
      ...FAKE_CONFIG.architecture,
      latent: CHOICE_OF[family] === "z" ? 6 : 0,
      prior: "standard",
      ...(family === "m-heads" ? { heads: 4 } : {}),
      ...(family === "dropout-unet" ? { dropout: 0.5 } : {}),
    },
    weights: family === "unet-ensemble" ? [1, 2, 3].map((m) => ({ ...file, file: `member-${m}.safetensors` })) : [file],
  };
}

/** Any system with the fake engine's blob: what differs between two samples is the blob's size. */
export class FakeSampler implements Model {
  readonly calls = { prepare: 0, draws: [] as Choices[], disposed: 0 };
  readonly config: ModelConfig;
  readonly choice: Model["choice"];
  readonly members: number | null;
  readonly head: Model["head"];
  readonly decode = null;
  /** Milliseconds that each sample takes. */
  slow = 0;
  private readonly decoder = new PlainDecoder(FAKE_HEAD);
  private readonly encodings = new WeakMap<Crop, Encoding>();
  report = () => FAKE_REPORT;

  constructor({ config }: Pick<ModelFiles, "config">) {
    const { family, weights, architecture } = config;
    this.config = config;
    this.choice = config.choice;
    this.members = family === "unet-ensemble" ? weights.length : (architecture.heads ?? null);
    this.head = config.choice === "z" ? FAKE_HEAD : null;
  }

  async prepare(crop: Crop): Promise<Prepared> {
    this.calls.prepare++;
    this.encodings.set(crop, fakeEncoding(crop));
    return { crop, prior: this.head ? standardGaussian(6) : null, encoding: null };
  }

  async draw({ crop }: Prepared, choices: Choices, want: Want, task?: Task): Promise<Decoded> {
    if (choices.kind !== this.choice)
      throw new GraderspaceError("BadArgument", { problem: `cannot draw by ${choices.kind}` });
    this.calls.draws.push(choices);
    if (this.slow > 0) await new Promise((resolve) => setTimeout(resolve, this.slow));
    throwIfAborted(task?.signal);
    this.decoder.open(this.encodings.get(crop) ?? fakeEncoding(crop));
    return this.decoder.decode(drawsOf(choices), want, task);
  }

  async posteriors(_prepared: Prepared, masks: readonly Mask[]): Promise<Gaussian[]> {
    if (this.head === null) throw new GraderspaceError("BadArgument", { problem: "it has no posterior" });
    return masks.map((mask) => ({
      mean: Float32Array.of(0, Math.sqrt(areaPx(mask)) / 8 - 1.2, 0, 0, 0, 0),
      logSigma: new Float32Array(6).fill(-1),
    }));
  }

  dispose(): void {
    this.calls.disposed++;
  }
}

/** A number of the choice as the size of the blob. */
function drawsOf(choices: Choices): readonly Draw[] {
  if (choices.kind === "z") return choices.draws;
  const sizes =
    choices.kind === "seed"
      ? choices.seeds.map((seed) => ((seed % 1000) / 1000) * 2 - 1)
      : choices.indices.map((index) => index - 1);
  return sizes.map((size) => ({ z: Float32Array.of(0, size, 0, 0, 0, 0) }));
}
