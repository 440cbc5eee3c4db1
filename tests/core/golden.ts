import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Encoding, HeadWeights } from "../../src/core/network/encoding.ts";

interface Entry {
  readonly shape: number[];
  readonly offset: number;
}

function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

/** A tiny network's head and what PyTorch computed with it (models/training/tiny.py), read with nothing of src. */
export function goldenOf(name: string) {
  const folder = resolve(import.meta.dirname, "../golden", name);
  const { architecture } = JSON.parse(readFileSync(resolve(folder, "config.json"), "utf8"));
  const { tensors } = JSON.parse(readFileSync(resolve(folder, "golden.json"), "utf8")) as {
    tensors: Record<string, Entry>;
  };
  const raw = readFileSync(resolve(folder, "golden.bin"));
  const value = (key: string): Float32Array | undefined => {
    const entry = tensors[key];
    if (!entry) return undefined;
    const length = entry.shape.reduce((a, b) => a * b, 1);
    return Float32Array.from({ length }, (_, i) => raw.readFloatLE(entry.offset + 4 * i));
  };

  const file = readFileSync(resolve(folder, "weights.safetensors"));
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + headerLength).toString());
  const weight = (key: string): Float32Array => {
    const { dtype, data_offsets: at } = header[key];
    if (dtype !== "F16") throw new Error(`${key} is ${dtype}`);
    return Float32Array.from({ length: (at[1] - at[0]) / 2 }, (_, i) =>
      half(file.readUInt16LE(8 + headerLength + at[0] + 2 * i)),
    );
  };

  const c = architecture.channels[0];
  const latent = architecture.latent as number;
  /** [outputs, inputs] → [inputs, outputs] */
  const dense = (k: number, inputs: number, outputs: number) => {
    const w = weight(`comb.${k}.weight`);
    const weights = Float32Array.from(
      { length: w.length },
      (_, i) => w[(i % outputs) * inputs + Math.floor(i / outputs)]!,
    );
    return { inputs, outputs, weights, bias: weight(`comb.${k}.bias`) };
  };
  const comb = () => {
    const w = weight("comb.0.weight");
    const part = Float32Array.from(
      { length: latent * c },
      (_, i) => w[(i % c) * (c + latent) + c + Math.floor(i / c)]!,
    );
    return { latent: part, layers: [dense(2, c, c), dense(4, c, c), dense(6, c, 1)] };
  };
  const head: HeadWeights = {
    latent,
    channels: architecture.head.comb ? c : 1,
    comb: architecture.head.comb ? comb() : null,
    fieldSpacings: architecture.head.fields,
    fieldScale: architecture.head.fieldScale,
    shift: architecture.head.shift ?? 0,
    gate: architecture.head.presence === "gate",
  };
  const [height, width] = tensors["input"]!.shape as [number, number];
  const encoding: Encoding = {
    width,
    height,
    channels: head.channels,
    base: value("base")!,
    ...(tensors["factor"] && { factor: value("factor")! }),
    ...(tensors["amplitude"] && { amplitude: value("amplitude")! }),
    ...(tensors["top"] && { top: value("top")! }),
    ...(tensors["presence"] && { presence: value("presence")![0]! }),
    prior: { mean: value("prior_mean")!, logSigma: value("prior_log_sigma")! },
  };
  const count = tensors["z"]!.shape[0] as number;
  const rows = (key: string, n: number) => {
    const all = value(key)!;
    return all.subarray((n * all.length) / count, ((n + 1) * all.length) / count);
  };
  const draws = Array.from({ length: count }, (_, n) => ({
    z: rows("z", n),
    ...(head.fieldSpacings.length > 0 && { fields: head.fieldSpacings.map((spacing) => rows(`field_${spacing}`, n)) }),
    ...(tensors["shift"] && { shift: [...rows("shift", n)] as [number, number] }),
  }));
  const posterior = (part: string) => value(`posterior_${part}`)!;
  const found = { logits: value("logits")!, shifted: value("logits_shifted"), mask: value("mask")! };
  return { head, encoding, draws, ...found, posterior };
}
