import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ModelConfig } from "../core/config/model-config.ts";
import { parseConfig } from "../core/config/parse-config.ts";
import { noSuchModel } from "../core/config/retired-models.ts";
import { GraderspaceError } from "../core/errors.ts";
import type { ModelFiles } from "../core/network/model.ts";

const MODELS = resolve(import.meta.dirname, "../../models");

/**
 * A model by its folder, or by its name in `models/`; the default one where neither is given.
 * @throws GraderspaceError ModelNotFound, ModelConfig
 */
export async function readModel(wanted: string | undefined): Promise<ModelFiles> {
  const folder = await modelFolder(wanted);
  const file = join(folder, "config.json");
  const config = parseConfig(parseJson(await readFile(file, "utf8"), file), file);
  const weights = await Promise.all(config.weights.map((entry) => readWeights(folder, entry, config)));
  return { config, weights };
}

/** The names of the models in `models/`, in the page's order. */
export async function bundledModels(): Promise<string[]> {
  return (await readIndex()).models;
}

async function readIndex(): Promise<{ default: string; models: string[] }> {
  const file = join(MODELS, "index.json");
  return parseJson(await readFile(file, "utf8"), file) as { default: string; models: string[] };
}

async function modelFolder(wanted: string | undefined): Promise<string> {
  const index = await readIndex();
  const name = wanted ?? index.default;
  // A folder of that name near at hand wins: `--model models/lidc-prob-unet` means what it says.
  const folders = [resolve(name), join(MODELS, name)];
  const found = folders.find((folder) => existsSync(join(folder, "config.json")));
  if (found) return found;
  throw noSuchModel(name, {
    problem: "there is no model of this name and no folder with a config.json",
    remedy: `give a folder, or one of ${index.models.join(", ")}`,
  });
}

async function readWeights(
  folder: string,
  entry: ModelConfig["weights"][number],
  config: ModelConfig,
): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(join(folder, entry.file)));
  } catch {
    const remedy = "download the model again";
    throw new GraderspaceError("ModelNotFound", {
      file: config.name,
      problem: `${entry.file} is missing beside its config.json`,
      remedy,
    });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GraderspaceError("ModelConfig", { file, problem: "it is not JSON", remedy: "download the model again" });
  }
}
