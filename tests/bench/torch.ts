import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Row } from "./rows.ts";

/** PyTorch on one thread, where a Python with torch is installed (GRADERSPACE_PYTHON names one); else no rows. */
export function benchTorch(modelFolder: string, rounds: number): Row[] {
  const script = join(import.meta.dirname, "torch_bench.py");
  for (const python of [process.env["GRADERSPACE_PYTHON"], "python3"]) {
    if (!python) continue;
    const args = [script, `${modelFolder}/config.json`, String(rounds)];
    const { status, stdout } = spawnSync(python, args, { encoding: "utf8", timeout: 60_000 });
    if (status !== 0) continue;
    const { encode, decode16 } = JSON.parse(stdout) as { encode: number; decode16: number };
    const row = { where: "python", backend: "pytorch", system: "pytorch", size: 128, rounds } as const;
    return [
      { ...row, what: "encode", count: 0, milliseconds: encode },
      { ...row, what: "decode", count: 16, milliseconds: decode16, note: "naive f_comb" },
    ];
  }
  console.error("PyTorch is not measured: no Python with torch (GRADERSPACE_PYTHON names one)");
  return [];
}
