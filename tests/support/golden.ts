import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseConfig } from "../../src/core/config/parse-config.ts";
import type { ModelFiles } from "../../src/core/network/model.ts";
import type { Crop } from "../../src/core/values/region.ts";

const root = resolve(import.meta.dirname, "../..");

/** What PyTorch computed for a fixed input of 64×64, by name (formats.md: `golden.json`). */
export interface Golden {
  has(name: string): boolean;
  values(name: string): Float32Array;
  shape(name: string): readonly number[];
}

/** A model folder's files: `tests/golden/tiny-prob-unet` or `models/…`, relative to the repository. */
export function modelFiles(folder: string): ModelFiles {
  const read = (name: string) => new Uint8Array(readFileSync(join(root, folder, name)));
  const config = parseConfig(JSON.parse(new TextDecoder().decode(read("config.json"))), `${folder}/config.json`);
  return { config, weights: config.weights.map(({ file }) => read(file)) };
}

/** The same with the golden values, which a backend has to reproduce. */
export function testedFiles(folder: string): ModelFiles {
  const index = JSON.parse(readFileSync(join(root, folder, "golden.json"), "utf8"));
  const values = new Uint8Array(readFileSync(join(root, folder, index.file)));
  return { ...modelFiles(folder), golden: { tensors: index.tensors, values } };
}

export function golden(folder: string): Golden {
  const index = JSON.parse(readFileSync(join(root, folder, "golden.json"), "utf8"));
  const bytes = readFileSync(join(root, folder, index.file));
  const entry = (name: string): { shape: number[]; offset: number } => index.tensors[name];
  return {
    has: (name) => entry(name) !== undefined,
    shape: (name) => entry(name).shape,
    values(name) {
      const { shape, offset } = entry(name);
      const count = shape.reduce((product, size) => product * size, 1);
      return new Float32Array(new Uint8Array(bytes.subarray(offset, offset + 4 * count)).buffer);
    },
  };
}

/**
 * Whether every model is asked on every backend: the bundled models' real widths on the plain-JavaScript one, whose
 * layers the tiny models have all of, and the paper's other systems on software WebGPU, which compiles every shape of
 * every layer anew. Minutes of processor time; in CI alone, see the README.
 */
export const ALL_ON_ALL_BACKENDS = Boolean(process.env["CI"]);

/** The bundled models that have golden values, as folders relative to the repository. */
export function bundledModels(): string[] {
  const folders = readdirSync(join(root, "models")).map((name) => `models/${name}`);
  return folders.filter((folder) => existsSync(join(root, folder, "golden.json"))).sort();
}

export function tinyModels(): string[] {
  return readdirSync(join(root, "tests/golden"))
    .map((name) => `tests/golden/${name}`)
    .filter((folder) => existsSync(join(root, folder, "golden.json")))
    .sort();
}

/** The golden input as a crop. */
export function goldenCrop(folder: string): Crop {
  const values = golden(folder).values("input");
  return { size: Math.sqrt(values.length), origin: [0, 0], values, constant: false };
}

/** max|Δ| / max|reference|: a backend passes at 1e-3 (formats.md). Zeros are compared as they are. */
export function relativeError(found: ArrayLike<number>, reference: ArrayLike<number>): number {
  if (found.length !== reference.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < reference.length; i++) {
    const difference = Math.abs((found[i] as number) - (reference[i] as number));
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
    largest = Math.max(largest, Math.abs(reference[i] as number));
  }
  return largest > 0 ? worst / largest : worst;
}
