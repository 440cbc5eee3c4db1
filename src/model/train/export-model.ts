import type { ModelConfig } from "../../core/config/model-config.ts";
import { sha256Hex } from "../../core/config/weights-hash.ts";
import type { HeldOutFigures } from "../../core/training/held-out.ts";
import { architectureOf, type TrainingSettings } from "../../core/training/settings.ts";
import type { Checkpoint } from "./adam.ts";
import { asPyTorch, layoutOf } from "./layout.ts";

const WEIGHTS = "weights.safetensors";

/**
 * A trained network as a model that every command and PyTorch read: float32 under PyTorch's names. One that was trained
 * without z gets zeros where f_comb reads z, so that all its samples are its one answer.
 */
export function exportModel(
  name: string,
  settings: TrainingSettings,
  { step, weights }: Checkpoint,
  { kl, effect, ged2 }: Pick<HeldOutFigures, "kl" | "effect" | "ged2">,
): { readonly config: ModelConfig; readonly weights: Uint8Array } {
  const bytes = safetensorsOf(settings, weights);
  const round = (value: number) => Number(value.toFixed(4));
  const config: ModelConfig = {
    version: 1,
    name,
    title: `${name} (trained on simulated graders)`,
    family: "prob-unet",
    choice: "z",
    architecture: architectureOf(settings),
    preprocessing: { size: settings.region, scaling: "min-max-8bit" },
    threshold: 0.5,
    axes: Array.from(kl, (nats, k) => ({ kl: round(nats), effect: round(effect[k] as number) })),
    modes: [],
    weights: [{ file: WEIGHTS, dtype: "f32", sha256: sha256Hex(bytes), bytes: bytes.length }],
    training: { data: "simulated nodules and graders", objective: "elbo", steps: step, ged2: round(ged2), settings },
    licence: "MIT",
  };
  return { config, weights: bytes };
}

/** The safetensors file: 8 bytes of header length, the header as JSON padded with spaces to 8, the numbers. */
function safetensorsOf(settings: TrainingSettings, weights: Float32Array): Uint8Array {
  const header: Record<string, unknown> = {};
  const chunks: Float32Array[] = [];
  let at = 0;
  for (const part of layoutOf(architectureOf(settings)).parts) {
    const own = weights.slice(part.from, part.from + part.length);
    if (part.name === "comb.0.weight" && !settings.latent) own.fill(0, settings.width * settings.width); // z's rows
    const { shape, values } = asPyTorch(part, own);
    header[part.name] = { dtype: "F32", shape, data_offsets: [at, at + values.byteLength] };
    chunks.push(values);
    at += values.byteLength;
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json.padEnd(8 * Math.ceil(json.length / 8)));
  const file = new Uint8Array(8 + text.length + at);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  let to = 8 + text.length;
  for (const values of chunks) {
    file.set(new Uint8Array(values.buffer), to);
    to += values.byteLength;
  }
  return file;
}
