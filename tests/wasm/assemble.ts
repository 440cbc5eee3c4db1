import { readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";

const KERNELS = ["decode", "conv", "winograd", "drop"] as const;
export type KernelName = (typeof KERNELS)[number];

const folder = new URL("../../src/wasm/", import.meta.url);

/** The text of `NAME.wasm.ts` that belongs to `NAME.wat` as it is now. */
export async function assembled(name: KernelName): Promise<string> {
  const { parseWat } = await wabt();
  const source = readFileSync(new URL(`${name}.wat`, folder), "utf8");
  const module = parseWat(`${name}.wat`, source, { simd: true, bulk_memory: true });
  module.validate();
  const { buffer } = module.toBinary({ write_debug_names: false });
  module.destroy();
  const base64 = Buffer.from(buffer).toString("base64");
  return `// Made from ${name}.wat by \`npm run wasm\`: change that file, not this one.\nexport const ${name}Wasm =\n  "${base64}";\n`;
}

/** The text of `NAME.wasm.ts` as it is committed. */
export function committed(name: KernelName): string {
  return readFileSync(new URL(`${name}.wasm.ts`, folder), "utf8");
}

if (process.argv[1] === import.meta.filename) {
  for (const name of KERNELS) writeFileSync(new URL(`${name}.wasm.ts`, folder), await assembled(name));
}
