import type { ModelConfig, OnnxConfig } from "../../core/config/model-config.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { Draw } from "../../core/network/encoding.ts";
import type { Model, ModelFiles } from "../../core/network/model.ts";
import type { Crop } from "../../core/values/region.ts";
import { passModel } from "../passes.ts";
import { type ExpectedTensors, type Graph, openGraph, type Values } from "./graph.ts";

/** What a draw takes of the crop: the image itself, or what the first graph made of it. */
type Start = Readonly<Record<string, Values>>;

/**
 * A network of any maker in ONNX. Its z is the graph's noise, N(0, I); where the choice is a member, a one-hot noise.
 * Every sample is a run; with two graphs the image is looked at once a region.
 * @throws GraderspaceError as `openGraph`
 */
export async function loadOnnx(files: ModelFiles): Promise<Model> {
  const { config } = files;
  const onnx = config.onnx as OnnxConfig;
  const { noiseSize, shape } = onnx;
  const one = [1, 1, ...shape];
  const noise = [1, noiseSize];
  const opened: Graph[] = [];
  const open = async (file: string, inputs: ExpectedTensors, outputs: ExpectedTensors): Promise<Graph> => {
    const k = config.weights.findIndex((entry) => entry.file === file);
    const graph = await openGraph(
      files.weights[k] as Uint8Array,
      config.weights[k] as ModelConfig["weights"][number],
      inputs,
      outputs,
    );
    opened.push(graph);
    return graph;
  };
  const dispose = () => {
    for (const graph of opened) graph.dispose();
  };
  try {
    const { look, draw, noiseName, output } = await graphsOf(onnx, open, one, noise);
    const model = passModel<Start, Draw | number>(config, {
      ...(config.choice === "member" && { members: noiseSize }),
      start: async (crop) => {
        checkSize(crop, shape);
        return look({ shape: one, values: crop.values });
      },
      pass: async (start, choice) => {
        const values = typeof choice === "number" ? oneHot(choice, noiseSize) : choice.z;
        const found = (await draw.run({ ...start, [noiseName]: { shape: noise, values } }))[output] as Values;
        return output === "logits" ? found.values : found.values.map((p) => logitOf(p, config.name));
      },
      dispose,
    });
    return model;
  } catch (error) {
    dispose();
    throw error;
  }
}

interface Graphs {
  /** What a draw takes of the image. */
  look(image: Values): Promise<Start>;
  readonly draw: Graph;
  readonly noiseName: string;
  readonly output: "logits" | "probabilities";
}

async function graphsOf(
  onnx: OnnxConfig,
  open: (file: string, inputs: ExpectedTensors, outputs: ExpectedTensors) => Promise<Graph>,
  one: readonly number[],
  noise: readonly number[],
): Promise<Graphs> {
  if ("file" in onnx) {
    const { file, image, noise: noiseName, output } = onnx;
    const draw = await open(file, { [image]: one, [noiseName]: noise }, { [output]: one });
    return { look: async (values) => ({ [image]: values }), draw, noiseName, output };
  }
  const { encode, decode } = onnx;
  const named = (names: readonly string[]): ExpectedTensors => Object.fromEntries(names.map((name) => [name, null]));
  const first = await open(encode.file, { [encode.image]: one }, named(encode.features));
  const draw = await open(decode.file, { ...named(decode.features), [decode.noise]: noise }, { [decode.output]: one });
  const look = async (values: Values): Promise<Start> => {
    const found = await first.run({ [encode.image]: values });
    return Object.fromEntries(decode.features.map((name, k) => [name, found[encode.features[k] ?? ""] as Values]));
  };
  return { look, draw, noiseName: decode.noise, output: decode.output };
}

function checkSize({ size }: Crop, [rows, columns]: readonly [number, number]): void {
  if (size === rows && size === columns) return;
  const problem = say`a region of ${size}×${size} does not go into a network of ${rows}×${columns}`;
  throw new GraderspaceError("BadArgument", { problem });
}

function oneHot(index: number, length: number): Float32Array {
  const noise = new Float32Array(length);
  noise[index] = 1;
  return noise;
}

/** The sigmoid's inverse; 0 and 1 stay finite, beyond what float32 tells from them. */
function logitOf(p: number, file: string): number {
  if (p < 0 || p > 1) {
    const remedy = say`name the output "logits" where it is not of probabilities`;
    throw new GraderspaceError("ModelConfig", { file, problem: say`its probabilities have the value ${p}`, remedy });
  }
  return Math.max(-40, Math.min(40, Math.log(p / (1 - p))));
}
