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
import { Buffers } from "./buffers.ts";
import code from "./decode.wgsl?raw";
import { type Device, deviceLost, largestBuffer } from "./device.ts";
import {
  drawLayout,
  PLAN_BYTES,
  packDraws,
  packMaps,
  packPlan,
  packWeights,
  quadsOf,
  WEIGHT_FLOATS,
} from "./layout.ts";

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
  #opened: Encoding | null = null;
  #uploaded: Encoding | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** @throws BadArgument where the head is wider than the kernel */
  constructor(head: HeadWeights, device: Device) {
    this.#head = head;
    this.#device = device;
    this.#buffers = new Buffers(device.gpu);
    const weights = packWeights(head);
    device.gpu.queue.writeBuffer(this.#uniform("weights", weights.byteLength), 0, weights);
  }

  /** Bytes of GPU memory held: they settle after the largest picture and number of draws. */
  get bytes(): number {
    return this.#buffers.bytes;
  }

  open(encoding: Encoding): void {
    this.#opened = encoding;
  }

  async decode(draws: readonly Draw[], want: Want, task?: Task): Promise<Decoded> {
    const encoding = this.#opened;
    if (encoding === null) throw new GraderspaceError("BadArgument", { problem: "no picture was opened to decode" });
    if (draws.length === 0) throw new GraderspaceError("BadArgument", { problem: "there is no z to decode" });
    const run = this.#turn.then(() => Promise.race([this.#run(encoding, draws, want, task), this.#device.lost]));
    this.#turn = run.catch(() => undefined);
    return run;
  }

  /** The device goes too: it is this decoder's own. */
  dispose(): void {
    this.#buffers.dispose();
    this.#device.gpu.destroy();
    this.#opened = null;
    this.#uploaded = null;
  }

  async #run(encoding: Encoding, draws: readonly Draw[], want: Want, task?: Task): Promise<Decoded> {
    throwIfAborted(task?.signal);
    const { width, height } = encoding;
    const pixels = width * height;
    const layout = drawLayout(this.#head, width, height);
    const pipeline = await this.#pipeline(encoding, draws, want);
    return guarded(this.#device.gpu, async () => {
      this.#upload(encoding);
      this.#write("draws", packDraws(this.#head, draws, layout));
      const probabilities = want.samples ? new Float32Array(draws.length * pixels) : null;
      const statistics = want.statistics ? Array.from({ length: 4 }, () => new Float32Array(pixels)) : null;
      const most = this.#batchPixels(draws.length, want);
      for (let first = 0; first < pixels; first += most) {
        const batch = { first, pixels: Math.min(most, pixels - first) };
        const plan = this.#uniform("plan", PLAN_BYTES);
        this.#device.gpu.queue.writeBuffer(plan, 0, packPlan(this.#head, encoding, batch, draws.length, layout));
        await this.#dispatch(pipeline, batch.pixels, draws.length, want, (map, values) => {
          if (map < draws.length) probabilities?.set(values, map * pixels + first);
          else statistics?.[map - draws.length]?.set(values, first);
        });
        task?.onProgress?.((first + batch.pixels) / pixels);
        throwIfAborted(task?.signal);
      }
      return {
        ...(probabilities && { samples: { count: draws.length, width, height, probabilities } }),
        ...(statistics && { statistics: named(statistics) }),
      };
    });
  }

  /**
   * One dispatch and its way back: `take` is shown the wanted maps, the draws' from 0 on and then the four statistics, in
   * mapped memory that is gone once it returns. To copy a hundred maps takes longer than to compute them.
   */
  async #dispatch(
    pipeline: GPUComputePipeline,
    pixels: number,
    draws: number,
    want: Want,
    take: (map: number, values: Float32Array) => void,
  ): Promise<void> {
    const { gpu } = this.#device;
    const sampleBytes = want.samples ? draws * pixels * FLOAT : 0;
    const statisticBytes = want.statistics ? 4 * pixels * FLOAT : 0;
    const samples = this.#buffers.atLeast("samples", sampleBytes, STORAGE | COPY_SRC);
    const statistics = this.#buffers.atLeast("statistics", statisticBytes, STORAGE | COPY_SRC);
    const back = this.#buffers.atLeast("back", sampleBytes + statisticBytes, MAP_READ | COPY_DST);
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#bind(pipeline, samples, statistics));
    pass.dispatchWorkgroups(Math.ceil(pixels / this.#workgroup));
    pass.end();
    if (sampleBytes) encoder.copyBufferToBuffer(samples, 0, back, 0, sampleBytes);
    if (statisticBytes) encoder.copyBufferToBuffer(statistics, 0, back, sampleBytes, statisticBytes);
    gpu.queue.submit([encoder.finish()]);
    await back.mapAsync(MAP_READ_MODE, 0, sampleBytes + statisticBytes);
    const found = new Float32Array(back.getMappedRange(0, sampleBytes + statisticBytes));
    const first = want.samples ? 0 : draws;
    for (let m = 0; m * pixels < found.length; m++) take(first + m, found.subarray(m * pixels, (m + 1) * pixels));
    back.unmap();
  }

  #bind(pipeline: GPUComputePipeline, samples: GPUBuffer, statistics: GPUBuffer): GPUBindGroup {
    const held = [this.#uniform("plan", PLAN_BYTES), this.#uniform("weights", WEIGHT_FLOATS * FLOAT)];
    held.push(this.#storage("maps", 0), this.#storage("draws", 0), samples, statistics);
    return this.#device.gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: held.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }

  /** The picture's maps go to the GPU once; z alone crosses afterwards. */
  #upload(encoding: Encoding): void {
    if (this.#uploaded === encoding) return;
    this.#uploaded = null;
    this.#write("maps", packMaps(this.#head, encoding));
    this.#uploaded = encoding;
  }

  #write(name: string, values: Float32Array<ArrayBuffer>): void {
    this.#device.gpu.queue.writeBuffer(this.#storage(name, values.byteLength), 0, values);
  }

  #storage(name: string, bytes: number): GPUBuffer {
    return this.#buffers.atLeast(name, bytes, STORAGE | COPY_DST);
  }

  #uniform(name: string, bytes: number): GPUBuffer {
    return this.#buffers.atLeast(name, bytes, UNIFORM | COPY_DST);
  }

  get #workgroup(): number {
    const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX } = this.#device.gpu.limits;
    return Math.min(64, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX);
  }

  /** How many pixels one dispatch may take: by time, by the largest buffer and by the number of workgroups. */
  #batchPixels(draws: number, want: Want): number {
    const { gpu } = this.#device;
    const perPixel = (want.samples ? draws : 0) + (want.statistics ? 4 : 0);
    const most = Math.min(
      BATCH / draws,
      largestBuffer(gpu) / (FLOAT * Math.max(1, perPixel)),
      gpu.limits.maxComputeWorkgroupsPerDimension * this.#workgroup,
    );
    return Math.max(1, Math.floor(most));
  }

  #pipeline(encoding: Encoding, draws: readonly Draw[], want: Want): Promise<GPUComputePipeline> {
    const { gpu, pipelines } = this.#device;
    const { comb, latent, fieldSpacings } = this.#head;
    const constants = {
      WORKGROUP: this.#workgroup,
      QUADS: quadsOf(this.#head),
      LAYERS: comb ? comb.layers.length - 1 : 0,
      LATENT: latent,
      FACTOR: encoding.factor ? 1 : 0,
      FIELDS: draws.some(({ fields }) => fields) && encoding.amplitude ? fieldSpacings.length : 0,
      AMPLITUDES: encoding.amplitude ? fieldSpacings.length : 0,
      TOP: encoding.top ? 1 : 0,
      SAMPLES: want.samples ? 1 : 0,
      STATISTICS: want.statistics ? 1 : 0,
    };
    const key = JSON.stringify(constants);
    const made =
      pipelines.get(key) ??
      gpu.createComputePipelineAsync({
        label: "decode",
        layout: "auto",
        compute: { module: gpu.createShaderModule({ code }), entryPoint: "decode", constants },
      });
    pipelines.set(key, made);
    return made;
  }
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
    const problem = `the graphics device has no memory left for this decode (${memory.message})`;
    throw new GraderspaceError("OutOfMemory", { problem, remedy: "ask for fewer samples at once" });
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
