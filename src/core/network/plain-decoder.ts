import { GraderspaceError, throwIfAborted } from "../errors.ts";
import type { Decoded, Decoder, Draw, Encoding, HeadWeights, Samples, Task, Want } from "./encoding.ts";
import { logitsOf, sigmoid } from "./logits.ts";
import { statisticsOf } from "./statistics.ts";

/** The decoder that exists to be obviously right: every faster one is tested against it. Slow, and at home everywhere. */
export class PlainDecoder implements Decoder {
  readonly kind = "plain";
  readonly #head: HeadWeights;
  #encoding: Encoding | null = null;

  constructor(head: HeadWeights) {
    this.#head = head;
  }

  open(encoding: Encoding): void {
    this.#encoding = encoding;
  }

  async decode(draws: readonly Draw[], want: Want, task?: Task): Promise<Decoded> {
    const encoding = this.#encoding;
    if (!encoding)
      throw new GraderspaceError("BadArgument", { problem: "a decoder was asked before it had an encoding" });
    const { width, height } = encoding;
    const probabilities = new Float32Array(draws.length * width * height);
    for (const [n, draw] of draws.entries()) {
      probabilities.set(logitsOf(this.#head, encoding, draw).map(sigmoid), n * width * height);
      task?.onProgress?.((n + 1) / draws.length);
      await task?.pause?.();
      throwIfAborted(task?.signal);
    }
    const samples: Samples = { count: draws.length, width, height, probabilities };
    return { ...(want.samples && { samples }), ...(want.statistics && { statistics: statisticsOf(samples) }) };
  }

  dispose(): void {
    this.#encoding = null;
  }
}
