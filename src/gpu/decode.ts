import { GraderspaceError, throwIfAborted } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import type {
  Decoded,
  Decoder,
  Draw,
  Encoding,
  HeadWeights,
  NamedDraw,
  Statistics,
  Task,
  Want,
} from "../core/network/encoding.ts";
import { HELD_BYTES, Held } from "../core/network/held.ts";
import { type Device, guarded } from "./device.ts";
import { packMaps } from "./layout.ts";
import { DecodePasses } from "./passes.ts";
import { batchesOf, type Uploaded, uploaded } from "./steps.ts";

/** The general head in one WGSL pass (decode.wgsl). The maps stay on the GPU from `open` on; its twin is PlainDecoder. */
export class WebGpuDecoder implements Decoder {
  readonly kind = "webgpu";
  readonly #head: HeadWeights;
  readonly #device: Device;
  readonly #passes: DecodePasses;
  readonly #held: Held<Uploaded>;
  #opened: Encoding | null = null;
  #uploaded: { readonly of: Encoding; readonly picture: Uploaded } | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** `heldBytes`: the budget of `decodeEach`. @throws BadArgument where the head is wider than the kernel */
  constructor(head: HeadWeights, device: Device, heldBytes = HELD_BYTES) {
    this.#head = head;
    this.#device = device;
    this.#held = new Held<Uploaded>(heldBytes, ({ maps }) => this.#passes.drop(maps.label));
    this.#passes = new DecodePasses(head, device);
  }

  /** Bytes of GPU memory held: they settle after the largest picture and number of draws, and those that are held. */
  get bytes(): number {
    return this.#passes.bytes;
  }

  open(encoding: Encoding): void {
    this.#opened = encoding;
  }

  async decode(draws: readonly Draw[], want: Want, task?: Task): Promise<Decoded> {
    const encoding = this.#opened;
    if (encoding === null) throw new GraderspaceError("BadArgument", { problem: say`no picture was opened to decode` });
    if (draws.length === 0) throw new GraderspaceError("BadArgument", { problem: say`there is no z to decode` });
    return this.#inTurn(() => this.#run(encoding, draws, want, task));
  }

  async decodeEach(parts: readonly NamedDraw[], task?: Task): Promise<(Float32Array | null)[]> {
    return this.#inTurn(() => guarded(this.#device.gpu, () => this.#each(parts, task)));
  }

  /** In its turn, too: what is being decoded is decoded first. */
  forget(): void {
    this.#inTurn(async () => this.#held.clear()).catch(() => undefined); // a lost device holds nothing
  }

  /** The device goes too: it is this decoder's own. */
  dispose(): void {
    this.#held.clear();
    this.#passes.dispose();
    this.#device.gpu.destroy();
    this.#opened = null;
    this.#uploaded = null;
  }

  /** One piece of work after another: they share the buffers. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(() => Promise.race([work(), this.#device.lost]));
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async #run(encoding: Encoding, draws: readonly Draw[], want: Want, task?: Task): Promise<Decoded> {
    throwIfAborted(task?.signal);
    const { width, height } = encoding;
    const pixels = width * height;
    return guarded(this.#device.gpu, async () => {
      const picture = this.#upload(encoding);
      const steps = await this.#passes.prepare(picture, draws, want);
      const probabilities = want.samples ? new Float32Array(draws.length * pixels) : null;
      const statistics = want.statistics ? Array.from({ length: 4 }, () => new Float32Array(pixels)) : null;
      if (steps.raw) this.#passes.leaveLogits(steps.raw, picture, draws.length);
      for (const batch of batchesOf(pixels, this.#passes.batchPixels(draws.length, want))) {
        const back = this.#passes.back(batch.pixels, draws.length, want);
        const bytes = this.#passes.dispatch(steps.last, picture, batch, draws.length, want, back, 0);
        await this.#passes.read(back, bytes, (found) => {
          const skipped = want.samples ? 0 : draws.length;
          for (let m = 0; m * batch.pixels < found.length; m++) {
            const [map, values] = [skipped + m, found.subarray(m * batch.pixels, (m + 1) * batch.pixels)];
            if (map < draws.length) probabilities?.set(values, map * pixels + batch.first);
            else statistics?.[map - draws.length]?.set(values, batch.first);
          }
        });
        task?.onProgress?.((batch.first + batch.pixels) / pixels);
        throwIfAborted(task?.signal);
      }
      return {
        ...(probabilities && { samples: { count: draws.length, width, height, probabilities } }),
        ...(statistics && { statistics: named(statistics) }),
      };
    });
  }

  /** Each picture's work is handed in at once, and what came of all of them is fetched in one go: a way back costs more than a decode. */
  async #each(parts: readonly NamedDraw[], task?: Task): Promise<(Float32Array | null)[]> {
    throwIfAborted(task?.signal);
    const want = { samples: true };
    const sizes = parts.map(({ name, encoding }) => {
      const { width, height } = this.#held.get(name) ?? encoding ?? { width: 0, height: 0 };
      return width * height;
    });
    const pixels = sizes.reduce((sum, size) => sum + size, 0);
    const found: (Float32Array | null)[] = parts.map(() => null);
    if (pixels === 0) return found;
    const back = this.#passes.back(pixels, 1, want);
    let bytes = 0;
    for (const { name, draw, encoding } of parts) {
      const picture = this.#held.get(name) ?? (encoding ? this.#hold(name, encoding) : null);
      if (picture === null) continue;
      const { width, height } = picture;
      const steps = await this.#passes.prepare(picture, [draw], want);
      if (steps.raw) this.#passes.leaveLogits(steps.raw, picture, 1);
      bytes += this.#passes.dispatch(steps.last, picture, { first: 0, pixels: width * height }, 1, want, back, bytes);
    }
    await this.#passes.read(back, bytes, (all) => {
      let at = 0;
      for (const [k, size] of sizes.entries()) {
        if (size > 0) found[k] = all.slice(at, at + size);
        at += size;
      }
    });
    task?.onProgress?.(1);
    return found;
  }

  /** The picture's maps go to the GPU once; z alone crosses afterwards. */
  #upload(encoding: Encoding): Uploaded {
    if (this.#uploaded?.of === encoding) return this.#uploaded.picture;
    this.#uploaded = null;
    const picture = uploaded(encoding, this.#passes.write("maps", packMaps(this.#head, encoding)));
    this.#uploaded = { of: encoding, picture };
    return picture;
  }

  /** Likewise, in a buffer of its own. */
  #hold(name: number, encoding: Encoding): Uploaded {
    const maps = packMaps(this.#head, encoding);
    return this.#held.put(name, maps.byteLength, () => uploaded(encoding, this.#passes.write(`maps ${name}`, maps)));
  }
}

function named([mean, variance, entropy, mutualInformation]: readonly Float32Array[]): Statistics {
  return { mean, variance, entropy, mutualInformation } as Statistics;
}
