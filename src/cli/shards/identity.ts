import { createHash } from "node:crypto";
import type { Arguments } from "../arguments.ts";
import { readModel } from "../model-folder.ts";
import { readBytes } from "../read-bytes.ts";
import { appVersion } from "../sampling.ts";
import type { Identity } from "./part.ts";

/** Of which words a run is told by what stands in the file or the model, not by its name: it may lie elsewhere on the next machine. */
export interface Named {
  readonly files: readonly string[];
  /** Models that the run uses, by name or folder; undefined: the default one. */
  readonly models: readonly (string | undefined)[];
  /** Words that say where something goes, or how the work is cut: not what is measured. */
  readonly without: readonly string[];
}

/** The program, every word that was given, and the sha256 of the files of cases and of the models' settings and weights. */
export async function runIdentity(args: Arguments, { files, models, without }: Named): Promise<Identity> {
  const { version, commit } = await appVersion();
  const found: Record<string, string> = { Graderspace: `${version} (${commit.slice(0, 12)})` };
  found["the file of cases"] = await hashOf(args.positionals[0] as string);
  for (const [name, word] of Object.entries(args.given())) {
    if (without.includes(name) || name === "model" || name === "models") continue;
    found[`--${name}`] = files.includes(name) ? await hashOf(word) : word;
  }
  for (const word of models) {
    const { config } = await readModel(word);
    found[`model ${config.name}`] = hashed(JSON.stringify(config)); // its weights are in it by their sha256
  }
  return found;
}

async function hashOf(path: string): Promise<string> {
  return hashed((await readBytes(path)).bytes);
}

function hashed(what: Uint8Array | string): string {
  return `sha256 ${createHash("sha256").update(what).digest("hex")}`;
}
