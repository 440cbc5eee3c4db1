import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { mebibytes } from "../bytes/limits.ts";
import type { SourceFile } from "../bytes/source-file.ts";

/** A model of the person's own as files: not yet checked. The engine's `load` checks config, names, shapes and hash. */
export interface OwnModel {
  /** The folder's name, else the config's own. */
  readonly name: string;
  /** `config.json`, parsed but not checked. */
  readonly config: unknown;
  /** One per entry of `config.weights`, in its order. */
  readonly weights: readonly Uint8Array[];
}

/** What a model may weigh; the largest bundled one has 11 MB. */
const MOST_BYTES = 512 << 20;

export function looksLikeModel(files: readonly SourceFile[]): boolean {
  return files.some(isWeights);
}

function isWeights(file: SourceFile): boolean {
  return /\.(safetensors|onnx)$/i.test(file.name);
}

/**
 * `config.json` and its weights out of a folder, a zip or several dropped files.
 * @throws ModelConfig where the config is missing or no JSON; ModelNotFound where weights it names are missing
 */
export async function readOwnModel(files: readonly SourceFile[], name: string): Promise<OwnModel> {
  const config = files.find((file) => /(^|\/)config\.json$/.test(file.name));
  if (!config) {
    throw new GraderspaceError("ModelConfig", {
      file: files.find(isWeights)?.name ?? name,
      problem: say`its config.json is not with it`,
      remedy: say`drop config.json and the weights together, or their folder`,
    });
  }
  const folder = config.name.slice(0, -"config.json".length);
  const json = await readJson(config);
  const names = weightNames(json, config.name);
  const chosen = names.map((weights) => {
    const file = files.find((each) => each.name === folder + weights);
    // One lone file of weights may go by another name than the config gives it.
    const lone = files.filter(isWeights);
    const found = file ?? (names.length === 1 && lone.length === 1 ? lone[0] : undefined);
    if (found) return found;
    throw new GraderspaceError("ModelNotFound", {
      file: config.name,
      problem: say`it names the weights ${weights}, which are not with it`,
      remedy: say`drop all files of the model together`,
    });
  });
  const bytes = chosen.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_BYTES) {
    throw new GraderspaceError("TooLarge", {
      file: config.name,
      problem: say`its weights take ${mebibytes(bytes)}, and up to ${mebibytes(MOST_BYTES)} are read`,
      remedy: say`export the weights as float16`,
    });
  }
  const weights: Uint8Array[] = [];
  for (const file of chosen) weights.push(await file.read());
  return { name: folder.replace(/\/$/, "").split("/").at(-1) || (nameOf(json) ?? name), config: json, weights };
}

function nameOf(config: unknown): string | null {
  const name = (config as { name?: unknown } | null)?.name;
  return typeof name === "string" && name !== "" ? name : null;
}

async function readJson(file: SourceFile): Promise<unknown> {
  const wrong = (problem: Text) =>
    new GraderspaceError("ModelConfig", { file: file.name, problem, remedy: say`export the model again` });
  if (file.size > 1 << 20) throw wrong(say`it is over 1 MiB, and no config is`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await file.read()));
  } catch (error) {
    if (error instanceof GraderspaceError) throw error;
    throw wrong(say`it is not JSON`);
  }
}

function weightNames(config: unknown, file: string): string[] {
  const weights = (config as { weights?: unknown } | null)?.weights;
  const names = Array.isArray(weights) ? weights.map((entry) => (entry as { file?: unknown } | null)?.file) : [];
  if (names.length > 0 && names.length <= 64 && names.every((name) => typeof name === "string")) {
    return names as string[];
  }
  throw new GraderspaceError("ModelConfig", {
    file,
    problem: say`it does not list its files of weights`,
    remedy: say`export the model again`,
  });
}
