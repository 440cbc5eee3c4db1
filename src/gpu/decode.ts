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
import { isPlaced, placementOf } from "../core/network/shift-and-gate.ts";
import { Buffers } from "./buffers.ts";
import { type Device, deviceLost, largestBuffer } from "./device.ts";
import { drawLayout, PLAN_BYTES, packDraws, packMaps, packPlan, packWeights, WEIGHT_FLOATS } from "./layout.ts";
import {
  batchesOf,
  NOTHING,
  type PixelBatch,
  type Step,
  type Steps,
  stepOf,
  type Uploaded,
  uploaded,
  workgroupOf,
} from "./steps.ts";

const FLOAT = 4;
/** Pixels times draws in one dispatch: short enough that no driver's watchdog bites, and an abort is heard. */
const BATCH = 1 << 23;

/** GPUBufferUsage and GPUMapMode by value: the names exist only where WebGPU does. */
const MAP_READ = 0x1;
const COPY_SRC = 0x4;
const COPY_DST = 0x8;
const UNIFORM = 0x40;
const STORAGE = 0x80;
const MAP_READ_MODE = 0x1;

/** The general head in one WGSL pass (decode.wgsl). The maps stay on the GPU from `open` on; its twin is PlainDecoder. */
export class WebGpuDecoder implements Decoder {
  readonly kind = "webgpu";
  readonly #head: HeadWeights;
  readonly #device: Device;
  readonly #buffers: Buffers;
  readonly #held: Held<Uploaded>;
  #opened: Encoding | null = null;
  #uploaded: { readonly of: Encoding; readonly picture: Uploaded } | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** `heldBytes`: the budget of `decodeEach`. @throws BadArgument where the head is wider than the kernel */
  constructor(head: HeadWeights, device: Device, heldBytes = HELD_BYTES) {
    this.#head = head;
    this.#device = device;
    this.#held = new Held<Uploaded>(heldBytes, ({ maps }) => this.#buffers.drop(maps.label));
    this.#buffers = new Buffers(device.gpu);
    const weights = packWeights(head);
    device.gpu.queue.writeBuffer(this.#uniform("weights", weights.byteLength), 0, weights);
  }

  /** Bytes of GPU memory held: they settle after the largest picture and number of draws, and those that are held. */
  get bytes(): number {
    return this.#buffers.bytes;
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
    this.#buffers.dispose();
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
      const steps = await this.#prepare(picture, draws, want);
      const probabilities = want.samples ? new Float32Array(draws.length * pixels) : null;
      const statistics = want.statistics ? Array.from({ length: 4 }, () => new Float32Array(pixels)) : null;
      if (steps.raw) this.#leaveLogits(steps.raw, picture, draws.length);
      for (const batch of batchesOf(pixels, this.#batchPixels(draws.length, want))) {
        const back = this.#back(batch.pixels, draws.length, want);
        const bytes = this.#dispatch(steps.last, picture, batch, draws.length, want, back, 0);
        await this.#read(back, bytes, (found) => {
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
    const back = this.#back(pixels, 1, want);
    let bytes = 0;
    for (const { name, draw, encoding } of parts) {
      const picture = this.#held.get(name) ?? (encoding ? this.#hold(name, encoding) : null);
      if (picture === null) continue;
      const { width, height } = picture;
      const steps = await this.#prepare(picture, [draw], want);
      if (steps.raw) this.#leaveLogits(steps.raw, picture, 1);
      bytes += this.#dispatch(steps.last, picture, { first: 0, pixels: width * height }, 1, want, back, bytes);
    }
    await this.#read(back, bytes, (all) => {
      let at = 0;
      for (const [k, size] of sizes.entries()) {
        if (size > 0) found[k] = all.slice(at, at + size);
        at += size;
      }
    });
    task?.onProgress?.(1);
    return found;
  }

  /** A buffer for what comes back of so many draws. */
  #back(pixels: number, draws: number, want: Want): GPUBuffer {
    return this.#buffers.atLeast("back", bytesBack(pixels, draws, want), MAP_READ | COPY_DST);
  }

  /** Sends the draws, and finds what their decode takes. */
  async #prepare(picture: Uploaded, draws: readonly Draw[], want: Want): Promise<Steps> {
    const placements = draws.map((draw) => placementOf(this.#head, picture, draw));
    const two = isPlaced(placements);
    const steps = {
      raw: two ? await stepOf(this.#device, this.#head, picture, draws, NOTHING, "raw") : null,
      last: await stepOf(this.#device, this.#head, picture, draws, want, two ? "placed" : "decode"),
    };
    this.#write(
      "draws",
      packDraws(this.#head, draws, placements, drawLayout(this.#head, picture.width, picture.height)),
    );
    return steps;
  }

  /** All logits of the draws, for the second step. */
  #leaveLogits(raw: Step, picture: Uploaded, draws: number): void {
    const pixels = picture.width * picture.height;
    this.#storage("logits", pixels * draws * FLOAT);
    for (const batch of batchesOf(pixels, this.#batchPixels(draws, NOTHING))) {
      this.#dispatch(raw, picture, batch, draws, NOTHING, null, 0);
    }
  }

  /** Hands in one dispatch, whose maps go to `at` in `back`: the draws' first and then the four statistics. Gives their bytes. */
  #dispatch(
    step: Step,
    picture: Uploaded,
    batch: PixelBatch,
    draws: number,
    want: Want,
    back: GPUBuffer | null,
    at: number,
  ): number {
    const { gpu } = this.#device;
    const layout = drawLayout(this.#head, picture.width, picture.height);
    const plan = this.#uniform("plan", PLAN_BYTES);
    gpu.queue.writeBuffer(plan, 0, packPlan(this.#head, picture, batch, draws, layout));
    const sampleBytes = bytesBack(batch.pixels, draws, { ...want, statistics: false });
    const bytes = bytesBack(batch.pixels, draws, want);
    const samples = this.#buffers.atLeast("samples", sampleBytes, STORAGE | COPY_SRC);
    const statistics = this.#buffers.atLeast("statistics", bytes - sampleBytes, STORAGE | COPY_SRC);
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(step.pipeline);
    pass.setBindGroup(0, this.#bind(step, picture.maps, samples, statistics));
    pass.dispatchWorkgroups(Math.ceil(batch.pixels / workgroupOf(gpu)));
    pass.end();
    if (back && sampleBytes) encoder.copyBufferToBuffer(samples, 0, back, at, sampleBytes);
    if (back && bytes > sampleBytes)
      encoder.copyBufferToBuffer(statistics, 0, back, at + sampleBytes, bytes - sampleBytes);
    gpu.queue.submit([encoder.finish()]);
    return bytes;
  }

  /** Shows `take` what came back, in mapped memory that is gone once it returns: to copy a hundred maps takes longer than to compute them. */
  async #read(back: GPUBuffer, bytes: number, take: (found: Float32Array) => void): Promise<void> {
    await back.mapAsync(MAP_READ_MODE, 0, bytes);
    take(new Float32Array(back.getMappedRange(0, bytes)));
    back.unmap();
  }

  #bind({ pipeline, bindings }: Step, maps: GPUBuffer, samples: GPUBuffer, statistics: GPUBuffer): GPUBindGroup {
    const held = [this.#uniform("plan", PLAN_BYTES), this.#uniform("weights", WEIGHT_FLOATS * FLOAT)];
    held.push(maps, this.#storage("draws", 0), samples, statistics, this.#storage("logits", 0));
    return this.#device.gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: bindings.map((binding) => ({ binding, resource: { buffer: held[binding] as GPUBuffer } })),
    });
  }

  /** The picture's maps go to the GPU once; z alone crosses afterwards. */
  #upload(encoding: Encoding): Uploaded {
    if (this.#uploaded?.of === encoding) return this.#uploaded.picture;
    this.#uploaded = null;
    const picture = uploaded(encoding, this.#write("maps", packMaps(this.#head, encoding)));
    this.#uploaded = { of: encoding, picture };
    return picture;
  }

  /** Likewise, in a buffer of its own. */
  #hold(name: number, encoding: Encoding): Uploaded {
    const maps = packMaps(this.#head, encoding);
    return this.#held.put(name, maps.byteLength, () => uploaded(encoding, this.#write(`maps ${name}`, maps)));
  }

  #write(name: string, values: Float32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.#storage(name, values.byteLength);
    this.#device.gpu.queue.writeBuffer(buffer, 0, values);
    return buffer;
  }

  #storage(name: string, bytes: number): GPUBuffer {
    return this.#buffers.atLeast(name, bytes, STORAGE | COPY_DST);
  }

  #uniform(name: string, bytes: number): GPUBuffer {
    return this.#buffers.atLeast(name, bytes, UNIFORM | COPY_DST);
  }

  /** How many pixels one dispatch may take: by time, by the largest buffer and by the number of workgroups. */
  #batchPixels(draws: number, want: Want): number {
    const { gpu } = this.#device;
    const perPixel = (want.samples ? draws : 0) + (want.statistics ? 4 : 0);
    const most = Math.min(
      BATCH / draws,
      largestBuffer(gpu) / (FLOAT * Math.max(1, perPixel)),
      gpu.limits.maxComputeWorkgroupsPerDimension * workgroupOf(gpu),
    );
    return Math.max(1, Math.floor(most));
  }
}

/** Bytes of the wanted maps of so many pixels. */
function bytesBack(pixels: number, draws: number, { samples, statistics }: Want): number {
  return ((samples ? draws : 0) + (statistics ? 4 : 0)) * pixels * FLOAT;
}

/** Runs work whose refusals come late and apart from it: memory that is not there, or a device that is going. */
async function guarded<T>(gpu: GPUDevice, work: () => Promise<T>): Promise<T> {
  gpu.pushErrorScope("out-of-memory");
  gpu.pushErrorScope("validation");
  const outcome = await work().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const [invalid, memory] = await Promise.all([gpu.popErrorScope(), gpu.popErrorScope()]).catch(() => [null, null]);
  if (memory) {
    const problem = say`the graphics device has no memory left for this decode (${memory.message})`;
    throw new GraderspaceError("OutOfMemory", { problem, remedy: say`ask for fewer samples at once` });
  }
  if ("error" in outcome && outcome.error instanceof GraderspaceError) throw outcome.error;
  if (invalid) throw deviceLost(invalid.message);
  if ("error" in outcome)
    throw deviceLost(outcome.error instanceof Error ? outcome.error.message : String(outcome.error));
  return outcome.value;
}

function named([mean, variance, entropy, mutualInformation]: readonly Float32Array[]): Statistics {
  return { mean, variance, entropy, mutualInformation } as Statistics;
}
