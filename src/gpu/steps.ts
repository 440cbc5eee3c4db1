import type { Draw, Encoding, HeadWeights, Want } from "../core/network/encoding.ts";
import code from "./decode.wgsl?raw";
import type { Device } from "./device.ts";
import { quadsOf } from "./layout.ts";

/** A picture whose maps lie on the GPU, and which parts of the head it has. */
export interface Uploaded {
  readonly width: number;
  readonly height: number;
  readonly has: Readonly<Record<"factor" | "amplitude" | "top", boolean>>;
  readonly maps: GPUBuffer;
  /** The gate's logit, where there is one. */
  readonly presence?: number;
}

/** A pipeline, and which of decode.wgsl's buffers its entry point names. */
export interface Step {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: readonly number[];
}

/** What a decode of these draws takes: one step, or one that leaves logits and one that reads them. */
export interface Steps {
  readonly raw: Step | null;
  readonly last: Step;
}

/** Which of its buffers each entry point of decode.wgsl names. */
const BINDINGS = { decode: [0, 1, 2, 3, 4, 5, 6], placed: [0, 3, 4, 5, 6] } as const;

/** Of a step that leaves logits. */
export const NOTHING: Want = {};

export function uploaded({ width, height, factor, amplitude, top, presence }: Encoding, maps: GPUBuffer): Uploaded {
  const has = { factor: !!factor, amplitude: !!amplitude, top: !!top };
  return { width, height, has, maps, ...(presence !== undefined && { presence }) };
}

/** Some pixels of a picture: `pixels` from `first` on. */
export interface PixelBatch {
  readonly first: number;
  readonly pixels: number;
}

export function batchesOf(pixels: number, most: number): PixelBatch[] {
  return Array.from({ length: Math.ceil(pixels / most) }, (_, k) => {
    return { first: k * most, pixels: Math.min(most, pixels - k * most) };
  });
}

/** A step of decode.wgsl for what the head and the picture have: its pipeline is made once. */
export async function stepOf(
  device: Device,
  head: HeadWeights,
  { has }: Uploaded,
  draws: readonly Draw[],
  want: Want,
  kind: "decode" | "raw" | "placed",
): Promise<Step> {
  const { comb, latent, fieldSpacings } = head;
  const entryPoint = kind === "placed" ? "placed" : "decode";
  const { gpu, pipelines } = device;
  const constants = {
    WORKGROUP: workgroupOf(gpu),
    QUADS: quadsOf(head),
    LAYERS: comb ? comb.layers.length - 1 : 0,
    LATENT: latent,
    FACTOR: has.factor ? 1 : 0,
    FIELDS: draws.some(({ fields }) => fields) && has.amplitude ? fieldSpacings.length : 0,
    AMPLITUDES: has.amplitude ? fieldSpacings.length : 0,
    TOP: has.top ? 1 : 0,
    SAMPLES: want.samples ? 1 : 0,
    STATISTICS: want.statistics ? 1 : 0,
    RAW: kind === "raw" ? 1 : 0,
  };
  const key = `${entryPoint} ${JSON.stringify(constants)}`;
  const made =
    pipelines.get(key) ??
    gpu.createComputePipelineAsync({
      label: "decode",
      layout: "auto",
      compute: { module: gpu.createShaderModule({ code }), entryPoint, constants },
    });
  pipelines.set(key, made);
  return { pipeline: await made, bindings: BINDINGS[entryPoint] };
}

/** Invocations of a workgroup. */
export function workgroupOf({ limits }: GPUDevice): number {
  const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX } = limits;
  return Math.min(64, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX);
}
