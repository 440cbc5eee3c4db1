import type { ModelConfig } from "../../src/core/config/model-config.ts";
import type { Decoded, Want } from "../../src/core/network/encoding.ts";
import type { Model, Prepared } from "../../src/core/network/model.ts";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import type { Choices } from "../../src/core/random/choices.ts";
import type { Crop } from "../../src/core/values/region.ts";
import { FAKE_HEAD, fakeEncoding } from "./fake-engine.ts";

/** The fake engine's blobs behind the interface of a system; `hook` is called before each crop and may wait or throw. */
export class BlobSystem implements Model {
  readonly choice = "z";
  readonly members = null;
  readonly head = FAKE_HEAD;
  readonly decode = FAKE_HEAD;
  readonly config: ModelConfig;
  disposed = false;
  prepared = 0;
  private readonly decoder = new PlainDecoder(FAKE_HEAD);
  private readonly hook: (prepared: number) => Promise<void> | void;

  constructor(config: ModelConfig, hook: (prepared: number) => Promise<void> | void = () => {}) {
    this.config = config;
    this.hook = hook;
  }

  report = () => null;

  async prepare(crop: Crop): Promise<Prepared> {
    await this.hook(this.prepared++);
    const encoding = fakeEncoding(crop);
    return { crop, prior: encoding.prior, encoding };
  }

  async draw({ encoding }: Prepared, choices: Choices, want: Want): Promise<Decoded> {
    if (encoding) this.decoder.open(encoding);
    return this.decoder.decode(choices.kind === "z" ? choices.draws : [], want);
  }

  dispose(): void {
    this.disposed = true;
  }
}
