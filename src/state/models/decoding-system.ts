import { GraderspaceError } from "../../core/errors.ts";
import type { Decoded, Decoder, Gaussian, Task, Want } from "../../core/network/encoding.ts";
import type { Choices } from "../../core/random/choices.ts";
import type { Crop } from "../../core/values/region.ts";
import type { Mask } from "../../core/values/slice.ts";
import type { Engine, ModelInfo } from "../../engine/engine.ts";
import type { Encoded } from "../app/shape.ts";
import { DecodeQueue, type Urgency } from "./queue.ts";
import type { Loaded, System } from "./system.ts";

/** The Probabilistic U-Net: the heavy half in the engine, the light one in a decoder of its own. */
export class DecodingSystem implements System {
  readonly about: Loaded;
  private readonly engine: Engine;
  private readonly queue: DecodeQueue;

  constructor(engine: Engine, { config, head, backend }: ModelInfo, decoder: Decoder) {
    this.about = { config, choice: "z", members: null, head, decode: head, backend };
    this.engine = engine;
    this.queue = new DecodeQueue(decoder);
  }

  async prepare(crop: Crop, task: Task): Promise<Encoded> {
    const encoding = await this.engine.encode(crop, task);
    return { crop, prior: encoding.prior, encoding };
  }

  async draw({ encoding }: Encoded, choices: Choices, want: Want, urgency: Urgency, task?: Task): Promise<Decoded> {
    if (choices.kind !== "z" || encoding === null) {
      throw new GraderspaceError("BadArgument", { problem: `${this.about.config.name} draws by z` });
    }
    return this.queue.decode(encoding, choices.draws, want, urgency, task);
  }

  posterior({ crop }: Encoded, mask: Mask, task: Task): Promise<Gaussian> {
    return this.engine.posterior(crop, mask, task);
  }

  /** The engine stays: the next model is loaded into it. */
  dispose(): void {
    this.queue.dispose();
  }
}
