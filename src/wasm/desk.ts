import { throwIfAborted } from "../core/errors.ts";
import type { Decoded, Draw, Encoding, HeadWeights, Statistics, Task, Want } from "../core/network/encoding.ts";
import { isPlaced, placementOf } from "../core/network/shift-and-gate.ts";
import { allocate, FREE_FROM, Kernel } from "./kernel.ts";
import { BLOCK, blocksPerRow, packLayers, packMap, paddedChannels, shiftOf } from "./layout.ts";
import { PlacedMaps } from "./placed-maps.ts";
import { Waves } from "./waves.ts";

const FLOAT = 4;
/** Pixels times draws between two looks at the abort signal: one to three milliseconds. */
const BATCH = 1 << 16;

/** Rows `first` … `last` − 1 of a picture. */
export interface Rows {
  readonly first: number;
  readonly last: number;
}

/** A picture whose maps lie in a desk's memory: where each of them begins, in bytes; 0 = absent. */
export interface Packed {
  readonly width: number;
  readonly height: number;
  readonly maps: Readonly<Record<"base" | "factor" | "amplitude" | "top", number>>;
  /** The gate's logit, where there is one. */
  readonly presence?: number;
}

/** Where one decode's numbers lie in the kernel's memory, in bytes. */
interface Plan {
  /** Blocks of a row of the picture. */
  readonly blocks: number;
  readonly waves: number;
  readonly waveStride: number;
  readonly out: number;
  readonly outStride: number;
  readonly stat: number;
  readonly statStride: number;
}

/**
 * A kernel with the head's weights and pictures in its memory: all samples and the statistics of one of them in one pass
 * over its pixels. First the weights, then the pictures, and behind them what a decode needs.
 */
export class Desk {
  readonly #head: HeadWeights;
  readonly #kernel: Kernel;
  readonly #channels: number;
  /** End of the head's weights, where the pictures begin, and end of the pictures. */
  readonly #mapsAt: number;
  #drawsAt = 0;

  static async create(head: HeadWeights): Promise<Desk> {
    return new Desk(head, await Kernel.create());
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

  /** Bytes of wasm memory held: it settles after the largest pictures and number of draws. */
  get bytes(): number {
    return this.#kernel.bytes;
  }

  /** Bytes that a picture's maps take here. */
  bytesOf(encoding: Encoding): number {
    return this.#mapsOf(encoding).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Copies a picture's maps, in blocks, to `at` bytes from where the pictures begin. @throws OutOfMemory */
  pack(encoding: Encoding, at = 0): Packed {
    const end = this.#mapsAt + at + this.bytesOf(encoding);
    this.#kernel.reserve(end);
    const maps = { base: 0, factor: 0, amplitude: 0, top: 0 };
    let free = this.#mapsAt + at;
    for (const { name, map, channels, padded, scale, bytes } of this.#mapsOf(encoding)) {
      packMap(map, encoding, channels, { padded, scale }, this.#kernel.floats(free, bytes / FLOAT));
      maps[name] = free;
      free += bytes;
    }
    this.#drawsAt = Math.max(this.#drawsAt, end);
    const { width, height, presence } = encoding;
    return { width, height, maps, ...(presence !== undefined && { presence }) };
  }

  /** `rows`: only these of the picture, as if they were one; the same numbers as in the whole. */
  async decode(picture: Packed, draws: readonly Draw[], want: Want, task?: Task, rows?: Rows): Promise<Decoded> {
    this.#kernel.set(picture.maps);
    const { width } = picture;
    const { first, last } = rows ?? { first: 0, last: picture.height };
    const height = last - first;
    const blocks = blocksPerRow(width);
    const batch = Math.max(1, Math.min(height, Math.floor(BATCH / (draws.length * blocks * BLOCK))));
    const spacings = draws.some(({ fields }) => fields) ? this.#head.fieldSpacings : [];
    const waves = new Waves(spacings, width, picture.height, blocks * BLOCK);
    const placements = draws.map((draw) => placementOf(this.#head, picture, draw));
    const padded = blocks * BLOCK;
    const placed = isPlaced(placements)
      ? new PlacedMaps(placements, { width, height: picture.height, padded }, { first, last })
      : null;
    const plan = this.#plan(draws, waves, batch, blocks, want, placed);
    const samples = want.samples ? allocate(draws.length * width * height) : null;
    const statistics = want.statistics ? Array.from({ length: 4 }, () => allocate(width * height)) : null;
    for (let row = first; row < last; row += batch) {
      const end = Math.min(last, row + batch);
      if (placed) this.#placedBatch(placed, plan, waves, draws, { first: row, last: end, most: batch });
      else this.#rows(plan, waves, draws, { first: row, last: end }, (y) => resultsAt(plan, y - row));
      const band = { row: row - first, rows: end - row, width, height, padded };
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

  /** The maps that an encoding has, in their order, and what each of them takes. */
  #mapsOf({ width, height, base, factor, amplitude, top, channels }: Encoding) {
    const { latent, fieldSpacings, fieldScale } = this.#head;
    const blocks = blocksPerRow(width) * height;
    const fields = fieldSpacings.length;
    return (
      [
        { name: "base", map: base, channels, padded: this.#channels, scale: 1 },
        { name: "factor", map: factor, channels: latent, padded: latent, scale: 1 },
        { name: "amplitude", map: amplitude, channels: fields, padded: fields, scale: fieldScale },
        { name: "top", map: top, channels: 1, padded: 1, scale: 1 },
      ] as const
    ).flatMap(({ map, ...one }) => (map ? [{ ...one, map, bytes: blocks * one.padded * BLOCK * FLOAT }] : []));
  }

  /** Finds room for the draws and for one batch of results, and writes what is the same in every batch. */
  #plan(
    draws: readonly Draw[],
    waves: Waves,
    batch: number,
    blocks: number,
    want: Want,
    placed: PlacedMaps | null,
  ): Plan {
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
    const end = stat + (want.statistics ? 4 * statStride : 0);
    placed?.layAt(end);
    this.#kernel.reserve(end + (placed?.bytes ?? 0));
    for (const [n, draw] of draws.entries()) {
      this.#kernel.floats(z + n * latent * FLOAT, latent).set(draw.z);
      if (comb)
        shiftOf(comb, draw.z, channels, this.#kernel.floats(shifts + n * this.#channels * FLOAT, this.#channels));
    }
    this.#kernel.set({ shifts, z, fields: waves.lattices.length, waveStride, outStride, statStride, raw: 0 });
    return {
      blocks,
      waves: wavesAt,
      waveStride,
      out: want.samples ? out : 0,
      outStride,
      stat: want.statistics ? stat : 0,
      statStride,
    };
  }

  /** Rows `row` … `end` − 1; first the logits that they lack, no more rows of these at once than of a batch. */
  #placedBatch(placed: PlacedMaps, plan: Plan, waves: Waves, draws: readonly Draw[], batch: Rows & { most: number }) {
    const { first: row, last: end, most } = batch;
    const { from, to } = placed.missingFor(end);
    this.#kernel.set({ raw: 1, outStride: placed.mapBytes });
    for (let y = from; y < to; y += most) {
      this.#rows(plan, waves, draws, { first: y, last: Math.min(to, y + most) }, (k) => [placed.rowAt(k), 0]);
    }
    placed.filled(this.#kernel, to);
    this.#kernel.set({ raw: 0, outStride: plan.outStride });
    for (let y = row; y < end; y++) placed.read(this.#kernel, y, ...resultsAt(plan, y - row));
  }

  /** The kernel's rows, each to where `to` says: samples or logits, and statistics. */
  #rows(
    plan: Plan,
    waves: Waves,
    draws: readonly Draw[],
    { first, last }: Rows,
    to: (row: number) => [number, number],
  ) {
    const { lattices } = waves;
    if (lattices.length > 0) {
      waves.aim(first, last);
      for (const [n, { fields }] of draws.entries()) {
        waves.write(fields, this.#kernel.floats(plan.waves + n * plan.waveStride, plan.waveStride / FLOAT));
      }
    }
    const { blocks } = plan;
    for (let y = first; y < last; y++) {
      for (const s of lattices.keys()) {
        const { first, second, share } = waves.around(s, y);
        this.#kernel.setField(s, plan.waves + first * FLOAT, plan.waves + second * FLOAT, share);
      }
      this.#kernel.row(y * blocks, blocks, draws.length, ...to(y));
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

/** Where the samples and the statistics of a batch's row go: 0 where they are not wanted. */
function resultsAt({ blocks, out, stat }: Plan, row: number): [number, number] {
  const at = row * blocks * BLOCK * FLOAT;
  return [out && out + at, stat && stat + at];
}

function named([mean, variance, entropy, mutualInformation]: readonly Float32Array[]): Statistics {
  return { mean, variance, entropy, mutualInformation } as Statistics;
}
