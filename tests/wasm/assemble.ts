import { readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";

const source = new URL("../../src/wasm/decode.wat", import.meta.url);
const target = new URL("../../src/wasm/decode.wasm.ts", import.meta.url);

/** The text of `decode.wasm.ts` that belongs to `decode.wat` as it is now. */
export async function assembled(): Promise<string> {
  const { parseWat } = await wabt();
  const module = parseWat("decode.wat", readFileSync(source, "utf8"), { simd: true });
  module.validate();
  const { buffer } = module.toBinary({ write_debug_names: false });
  module.destroy();
  return `// Made from decode.wat by \`npm run wasm\`: change that file, not this one.\nexport const decodeWasm =\n  "${Buffer.from(buffer).toString("base64")}";\n`;
}

/** The text of `decode.wasm.ts` as it is committed. */
export function committed(): string {
  return readFileSync(target, "utf8");
}

if (process.argv[1] === import.meta.filename) writeFileSync(target, await assembled());
