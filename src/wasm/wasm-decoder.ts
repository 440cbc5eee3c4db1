import { GraderspaceError, throwIfAborted } from "../core/errors.ts";
import type {
  Decoded,
  Decoder,
  Draw,
  Encoding,
  HeadWeights,
  Statistics,
  Task,
  Want,
} from "../core/network/encoding.ts";
import { allocate, FREE_FROM, Kernel } from "./kernel.ts";
import { BLOCK, blocksPerRow, packLayers, packMap, paddedChannels, shiftOf } from "./layout.ts";
import { Waves } from "./waves.ts";

const FLOAT = 4;
/** Pixels times draws between two looks at the abort signal: one to three milliseconds. */
const BATCH = 1 << 16;

/** Rows `first` … `last` − 1 of a picture. */
export interface Rows {
  readonly first: number;
  readonly last: number;
}

/** Where one decode's numbers lie in the kernel's memory, in bytes. */
interface Plan {
  readonly shifts: number;
  readonly z: number;
  readonly waves: number;
  readonly waveStride: number;
  readonly out: number;
  readonly outStride: number;
  readonly stat: number;
  readonly statStride: number;
}

/**
 * The general head on wasm SIMD (decode.wat): all samples and the statistics in one pass over the pixels. Its memory
 * grows to what the largest picture needed and is used again. The same bytes come out on every machine.
 */
export class WasmDecoder implements Decoder {
  readonly kind = "wasm";
  readonly #head: HeadWeights;
  readonly #kernel: Kernel;
  readonly #channels: number;
  /** End of the head's weights: the picture's maps begin here, and its draws where those end. */
  readonly #mapsAt: number;
  #drawsAt = 0;
  #opened: Encoding | null = null;
  #packed: Encoding | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  static async create(head: HeadWeights): Promise<WasmDecoder> {
    return new WasmDecoder(head, await Kernel.create());
  }

  private constructor(head: HeadWeights, kernel: Kernel) {
    this.#head = head;
    this.#kernel = kernel;
    this.#channels = head.comb ? paddedChannels(head.channels) : 1;
    const weights = head.comb ? packLayers(head.comb, head.channels) : new Float32Array(0);
    const weightsAt = FREE_FROM + 2 * this.#channels * BLOCK * FLOAT;
    this.#mapsAt = weightsAt + weights.byteLength;
    kernel.reserve(this.#mapsAt);
    kernel.floats(weightsAt, weights.length).set(weights);
    kernel.set({
      activations: FREE_FROM,
      weights: head.comb ? weightsAt : 0,
      channels: this.#channels,
      layers: head.comb ? head.comb.layers.length - 1 : 0,
      latent: head.latent,
    });
  }

  /** Bytes of wasm memory held: it settles after the largest picture and number of draws. */
  get bytes(): number {
    return this.#kernel.bytes;
  }

  /** Cheap: the maps are copied when they are first decoded, so a decode under way keeps its own picture. */
  open(encoding: Encoding): void {
    this.#opened = encoding;
  }

  /** `band`: only these rows of the picture, as if they were one; the same numbers as in the whole. */
  async decode(draws: readonly Draw[], want: Want, task?: Task, band?: Rows): Promise<Decoded> {
    const encoding = this.#opened;
    if (encoding === null) throw new GraderspaceError("BadArgument", { problem: "no picture was opened to decode" });
    if (draws.length === 0) throw new GraderspaceError("BadArgument", { problem: "there is no z to decode" });
    const run = this.#turn.then(() => this.#run(encoding, draws, want, task, band));
    this.#turn = run.catch(() => undefined);
    return run;
  }

  dispose(): void {
    this.#opened = null;
    this.#packed = null;
  }

  async #run(encoding: Encoding, draws: readonly Draw[], want: Want, task?: Task, rows?: Rows): Promise<Decoded> {
    throwIfAborted(task?.signal);
    if (this.#packed !== encoding) this.#pack(encoding);
    const { width } = encoding;
    const { first, last } = rows ?? { first: 0, last: encoding.height };
    const height = last - first;
    const blocks = blocksPerRow(width);
    const batch = Math.max(1, Math.min(height, Math.floor(BATCH / (draws.length * blocks * BLOCK))));
    const spacings = draws.some(({ fields }) => fields) ? this.#head.fieldSpacings : [];
    const waves = new Waves(spacings, width, encoding.height, blocks * BLOCK);
    const plan = this.#plan(draws, waves, batch, blocks, want);
    const samples = want.samples ? allocate(draws.length * width * height) : null;
    const statistics = want.statistics ? Array.from({ length: 4 }, () => allocate(width * height)) : null;
    for (let row = first; row < last; row += batch) {
      const end = Math.min(last, row + batch);
      this.#batch(plan, waves, draws, row, end, blocks);
      const band = { row: row - first, rows: end - row, width, height, padded: blocks * BLOCK };
      if (samples) this.#read(plan.out, plan.outStride, draws.length, band, samples);
      statistics?.forEach((map, k) => {
        this.#read(plan.stat + k * plan.statStride, 0, 1, band, map);
      });
      task?.onProgress?.((end - first) / height);
      await task?.pause?.();
      throwIfAborted(task?.signal);
    }
    return {
      ...(samples && { samples: { count: draws.length, width, height, probabilities: samples } }),
      ...(statistics && { statistics: named(statistics) }),
    };
  }

  /** Copies the picture's maps into the memory, in blocks. */
  #pack(encoding: Encoding): void {
    this.#packed = null;
    const { base, factor, amplitude, top, channels } = encoding;
    const { latent, fieldSpacings, fieldScale } = this.#head;
    const blocks = blocksPerRow(encoding.width) * encoding.height;
    const maps = [
      { name: "base", map: base, channels, padded: this.#channels, scale: 1 },
      { name: "factor", map: factor, channels: latent, padded: latent, scale: 1 },
      {
        name: "amplitude",
        map: amplitude,
        channels: fieldSpacings.length,
        padded: fieldSpacings.length,
        scale: fieldScale,
      },
      { name: "top", map: top, channels: 1, padded: 1, scale: 1 },
    ] as const;
    const bytes = (padded: number) => blocks * padded * BLOCK * FLOAT;
    let at = this.#mapsAt;
    this.#kernel.reserve(at + maps.reduce((sum, { map, padded }) => sum + (map ? bytes(padded) : 0), 0));
    for (const { name, map, channels, padded, scale } of maps) {
      this.#kernel.set({ [name]: map ? at : 0 });
      if (!map) continue;
      packMap(map, encoding, channels, { padded, scale }, this.#kernel.floats(at, bytes(padded) / FLOAT));
      at += bytes(padded);
    }
    this.#drawsAt = at;
    this.#packed = encoding;
  }

  /** Finds room for the draws and for one batch of results, and writes what is the same in every batch. */
  #plan(draws: readonly Draw[], waves: Waves, batch: number, blocks: number, want: Want): Plan {
    const { latent, comb, channels } = this.#head;
    const count = draws.length;
    const row = blocks * BLOCK * FLOAT;
    const shifts = this.#drawsAt;
    const z = shifts + count * this.#channels * FLOAT;
    const waveStride = waves.floatsPerDraw(batch) * FLOAT;
    const wavesAt = z + count * latent * FLOAT;
    // 64 bytes more than a batch, else all samples of a pixel would fall into the same set of the cache
    const outStride = batch * row + 64;
    const out = wavesAt + count * waveStride;
    const statStride = batch * row;
    const stat = out + (want.samples ? count * outStride : 0);
    this.#kernel.reserve(stat + (want.statistics ? 4 * statStride : 0));
    for (const [n, draw] of draws.entries()) {
      this.#kernel.floats(z + n * latent * FLOAT, latent).set(draw.z);
      if (comb)
        shiftOf(comb, draw.z, channels, this.#kernel.floats(shifts + n * this.#channels * FLOAT, this.#channels));
    }
    this.#kernel.set({ shifts, z, fields: waves.lattices.length, waveStride, outStride, statStride });
    return {
      shifts,
      z,
      waves: wavesAt,
      waveStride,
      out: want.samples ? out : 0,
      outStride,
      stat: want.statistics ? stat : 0,
      statStride,
    };
  }

  #batch(plan: Plan, waves: Waves, draws: readonly Draw[], row: number, end: number, blocks: number): void {
    const { lattices } = waves;
    if (lattices.length > 0) {
      waves.aim(row, end);
      for (const [n, { fields }] of draws.entries()) {
        waves.write(fields, this.#kernel.floats(plan.waves + n * plan.waveStride, plan.waveStride / FLOAT));
      }
    }
    for (let y = row; y < end; y++) {
      for (const s of lattices.keys()) {
        const { first, second, share } = waves.around(s, y);
        this.#kernel.setField(s, plan.waves + first * FLOAT, plan.waves + second * FLOAT, share);
      }
      const at = (y - row) * blocks * BLOCK * FLOAT;
      this.#kernel.row(y * blocks, blocks, draws.length, plan.out && plan.out + at, plan.stat && plan.stat + at);
    }
  }

  /** One batch of `count` maps at `stride` bytes, without the filling of its rows, to its place in `to` [count, H, W]. */
  #read(at: number, stride: number, count: number, band: Band, to: Float32Array): void {
    const { row, rows, width, height, padded } = band;
    for (let n = 0; n < count; n++) {
      const from = this.#kernel.floats(at + n * stride, rows * padded);
      const start = (n * height + row) * width;
      if (padded === width) to.set(from, start);
      else for (let y = 0; y < rows; y++) to.set(from.subarray(y * padded, y * padded + width), start + y * width);
    }
  }
}

/** Some rows of the picture, as they lie in the kernel's memory. */
interface Band {
  readonly row: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
  readonly padded: number;
}

function named([mean, variance, entropy, mutualInformation]: readonly Float32Array[]): Statistics {
  return { mean, variance, entropy, mutualInformation } as Statistics;
}
