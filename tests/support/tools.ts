import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Absolute path of an external program (`dciodvfy`, `dcm2niix`, …); null, said loudly, where it is not installed. */
export function tool(name: string): string | null {
  const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
  if (found) return found;
  console.warn(`SKIPPED: ${name} is not installed; .ci/run installs it`);
  return null;
}

/**
 * A Python that has these modules (Debian's own, else the first on the path, else the recipe's); null, said loudly, where
 * none has.
 */
export function python(modules: readonly string[], install = ".ci/run installs it"): string | null {
  for (const candidate of ["/usr/bin/python3", "python3", process.env.GRADERSPACE_PYTHON]) {
    if (candidate === undefined) continue;
    const tried = spawnSync(candidate, ["-c", `import ${modules.join(", ")}`]);
    if (tried.status === 0) return candidate;
  }
  console.warn(`SKIPPED: no Python with ${modules.join(", ")}; ${install}`);
  return null;
}

/** Runs a Python text and parses the JSON that it prints. */
export function pythonJson(interpreter: string, program: string, ...args: string[]): unknown {
  const out = execFileSync(interpreter, ["-c", program, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  return JSON.parse(out);
}

/** Runs a program to its end. @throws with what it said on stderr */
export function runTool(program: string, args: readonly string[]): Buffer {
  return execFileSync(program, args, { stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
}

/** A folder that is gone when the suite has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "graderspace-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
