import { describe, expect, it } from "vitest";
import type { Decoded, Decoder, Draw, Encoding } from "../../../src/core/network/encoding.ts";
import { DecodeQueue } from "../../../src/state/models/queue.ts";

const encoding = (name: number): Encoding => ({
  width: 1,
  height: 1,
  channels: 1,
  base: Float32Array.of(name),
  prior: { mean: new Float32Array(1), logSigma: new Float32Array(1) },
});
const draw = (z: number): Draw => ({ z: Float32Array.of(z) });

/** Writes down what it is asked; each decode waits for `next`. */
class SlowDecoder implements Decoder {
  readonly kind = "plain";
  readonly log: string[] = [];
  private readonly waiting: (() => void)[] = [];
  open({ base }: Encoding): void {
    this.log.push(`open ${base[0]}`);
  }
  async decode(draws: readonly Draw[]): Promise<Decoded> {
    this.log.push(`decode ${draws.map(({ z }) => z[0]).join()}`);
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return {};
  }
  async next(): Promise<void> {
    this.waiting.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  dispose(): void {
    this.log.push("dispose");
  }
}

describe("the queue of decodes", () => {
  it("lets a slider's decode overtake the plane's that wait, not the one that runs", async () => {
    const decoder = new SlowDecoder();
    const queue = new DecodeQueue(decoder);
    const one = encoding(1);
    void queue.decode(one, [draw(10)], {}, "idle");
    void queue.decode(one, [draw(11)], {}, "idle");
    void queue.decode(one, [draw(20)], {}, "soon");
    void queue.decode(one, [draw(30)], {}, "now");
    for (let i = 0; i < 4; i++) await decoder.next();
    expect(decoder.log).toEqual(["open 1", "decode 10", "decode 30", "decode 20", "decode 11"]);
  });

  it("opens the decoder again only where the encoding is another one", async () => {
    const decoder = new SlowDecoder();
    const queue = new DecodeQueue(decoder);
    const [one, two] = [encoding(1), encoding(2)];
    for (const which of [one, one, two]) void queue.decode(which, [draw(0)], {}, "now");
    for (let i = 0; i < 3; i++) await decoder.next();
    expect(decoder.log.filter((line) => line.startsWith("open"))).toEqual(["open 1", "open 2"]);
  });

  it("does not start what was cancelled while it waited", async () => {
    const decoder = new SlowDecoder();
    const queue = new DecodeQueue(decoder);
    const abort = new AbortController();
    void queue.decode(encoding(1), [draw(1)], {}, "now");
    const cancelled = queue.decode(encoding(1), [draw(2)], {}, "idle", { signal: abort.signal });
    abort.abort();
    const ended = expect(cancelled).rejects.toMatchObject({ tag: "Aborted" });
    await decoder.next();
    await ended;
    expect(decoder.log).toEqual(["open 1", "decode 1"]);
  });
});
