import { GraderspaceError, throwIfAborted } from "../errors.ts";
import { say } from "../language/say.ts";
import type { Decoded, Decoder, Draw, Encoding, HeadWeights, NamedDraw, Samples, Task, Want } from "./encoding.ts";
import { encodingBytes, HELD_BYTES, Held } from "./held.ts";
import { logitsOf, sigmoid } from "./logits.ts";
import { placementOf, shiftedLogits } from "./shift-and-gate.ts";
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
      throw new GraderspaceError("BadArgument", { problem: say`a decoder was asked before it had an encoding` });
    const { width, height } = encoding;
    const probabilities = new Float32Array(draws.length * width * height);
    for (const [n, draw] of draws.entries()) {
      probabilities.set(probabilitiesOf(this.#head, encoding, draw), n * width * height);
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
      found.push(picture && probabilitiesOf(this.#head, picture, draw));
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

/** P [H,W] of one draw: 0 everywhere where the gate is shut. */
function probabilitiesOf(head: HeadWeights, encoding: Encoding, draw: Draw): Float32Array {
  const placement = placementOf(head, encoding, draw);
  if (!placement.drawn) return new Float32Array(encoding.width * encoding.height);
  return shiftedLogits(logitsOf(head, encoding, draw), encoding, placement).map(sigmoid);
}
