import type { Draw, HeadWeights, Want } from "../core/network/encoding.ts";
import { isPlaced, placementOf } from "../core/network/shift-and-gate.ts";
import { Buffers } from "./buffers.ts";
import { type Device, largestBuffer } from "./device.ts";
import { drawLayout, PLAN_BYTES, packDraws, packPlan, packWeights, WEIGHT_FLOATS } from "./layout.ts";
import {
  batchesOf,
  NOTHING,
  type PixelBatch,
  type Step,
  type Steps,
  stepOf,
  type Uploaded,
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

/** Hands the dispatches of decode.wgsl in, over buffers that are used again, and fetches what comes of them. */
export class DecodePasses {
  readonly #head: HeadWeights;
  readonly #device: Device;
  readonly #buffers: Buffers;

  /** @throws BadArgument where the head is wider than the kernel */
  constructor(head: HeadWeights, device: Device) {
    this.#head = head;
    this.#device = device;
    this.#buffers = new Buffers(device.gpu);
    const weights = packWeights(head);
    device.gpu.queue.writeBuffer(this.#uniform("weights", weights.byteLength), 0, weights);
  }

  get bytes(): number {
    return this.#buffers.bytes;
  }

  dispose(): void {
    this.#buffers.dispose();
  }

  drop(name: string): void {
    this.#buffers.drop(name);
  }

  /** A buffer for what comes back of so many draws. */
  back(pixels: number, draws: number, want: Want): GPUBuffer {
    return this.#buffers.atLeast("back", bytesBack(pixels, draws, want), MAP_READ | COPY_DST);
  }

  /** Sends the draws, and finds what their decode takes. */
  async prepare(picture: Uploaded, draws: readonly Draw[], want: Want): Promise<Steps> {
    const placements = draws.map((draw) => placementOf(this.#head, picture, draw));
    const two = isPlaced(placements);
    const steps = {
      raw: two ? await stepOf(this.#device, this.#head, picture, draws, NOTHING, "raw") : null,
      last: await stepOf(this.#device, this.#head, picture, draws, want, two ? "placed" : "decode"),
    };
    this.write(
      "draws",
      packDraws(this.#head, draws, placements, drawLayout(this.#head, picture.width, picture.height)),
    );
    return steps;
  }

  /** All logits of the draws, for the second step. */
  leaveLogits(raw: Step, picture: Uploaded, draws: number): void {
    const pixels = picture.width * picture.height;
    this.#storage("logits", pixels * draws * FLOAT);
    for (const batch of batchesOf(pixels, this.batchPixels(draws, NOTHING))) {
      this.dispatch(raw, picture, batch, draws, NOTHING, null, 0);
    }
  }

  /** Hands in one dispatch, whose maps go to `at` in `back`: the draws' first and then the four statistics. Gives their bytes. */
  dispatch(
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
  async read(back: GPUBuffer, bytes: number, take: (found: Float32Array) => void): Promise<void> {
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

  /** A buffer of this name with these numbers in it. */
  write(name: string, values: Float32Array<ArrayBuffer>): GPUBuffer {
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
  batchPixels(draws: number, want: Want): number {
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
