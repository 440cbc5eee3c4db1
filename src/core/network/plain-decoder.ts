import { GraderspaceError, throwIfAborted } from "../errors.ts";
import type { Decoded, Decoder, Draw, Encoding, HeadWeights, NamedDraw, Samples, Task, Want } from "./encoding.ts";
import { encodingBytes, HELD_BYTES, Held } from "./held.ts";
import { logitsOf, sigmoid } from "./logits.ts";
import { statisticsOf } from "./statistics.ts";

/** The decoder that exists to be obviously right: every faster one is tested against it. Slow, and at home everywhere. */
export class PlainDecoder implements Decoder {
  readonly kind = "plain";
  readonly #head: HeadWeights;
  readonly #held = new Held<Encoding>(HELD_BYTES);
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

  async decodeEach(parts: readonly NamedDraw[], task?: Task): Promise<(Float32Array | null)[]> {
    const found: (Float32Array | null)[] = [];
    for (const { name, draw, encoding } of parts) {
      throwIfAborted(task?.signal);
      const given = encoding && (() => this.#held.put(name, encodingBytes(encoding), () => encoding));
      const picture = this.#held.get(name) ?? given?.() ?? null;
      found.push(picture && logitsOf(this.#head, picture, draw).map(sigmoid));
      task?.onProgress?.(found.length / parts.length);
      await task?.pause?.();
    }
    return found;
  }

  forget(): void {
    this.#held.clear();
  }

  dispose(): void {
    this.forget();
    this.#encoding = null;
  }
}
