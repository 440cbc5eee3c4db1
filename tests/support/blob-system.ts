import type { ModelConfig } from "../../src/core/config/model-config.ts";
import type { Decoded, Gaussian, Want } from "../../src/core/network/encoding.ts";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import type { Choices } from "../../src/core/random/choices.ts";
import type { Sampler } from "../../src/engine/engine.ts";
import { FAKE_HEAD, fakeEncoding } from "./fake-engine.ts";

/** The fake engine's blobs behind the interface of a system; `hook` is called before each crop and may wait or throw. */
export class BlobSystem implements Sampler {
  readonly choice = "z";
  readonly members = null;
  readonly head = FAKE_HEAD;
  readonly config: ModelConfig;
  disposed = false;
  prepared = 0;
  private readonly decoder = new PlainDecoder(FAKE_HEAD);
  private readonly hook: (prepared: number) => Promise<void> | void;

  constructor(config: ModelConfig, hook: (prepared: number) => Promise<void> | void = () => {}) {
    this.config = config;
    this.hook = hook;
  }

  async prepare(values: Float32Array, size: number): Promise<{ prior: Gaussian }> {
    await this.hook(this.prepared++);
    const encoding = fakeEncoding({ size, values, origin: [0, 0], constant: false });
    this.decoder.open(encoding);
    return { prior: encoding.prior };
  }

  async draw(choices: Choices, want: Want): Promise<Decoded> {
    return this.decoder.decode(choices.kind === "z" ? choices.draws : [], want);
  }

  async posteriors(): Promise<null> {
    return null;
  }

  dispose(): void {
    this.disposed = true;
  }
}
