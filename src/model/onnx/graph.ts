import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import type { ModelConfig } from "../../core/config/model-config.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { halfToSingle, singleToHalf, verifyHash } from "../safetensors.ts";
import { MEMORY_BYTES, withBoundedMemory } from "./bounded-memory.ts";

/** What a graph must take or give under a name: [1, 1, 128, 128]; null where any shape will do. */
export type ExpectedTensors = Readonly<Record<string, readonly number[] | null>>;

/** One array on its way in or out, float32 whatever the graph computes in. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface Graph {
  /** @throws GraderspaceError ModelConfig where an output is of another shape or not finite, OutOfMemory */
  run(inputs: Readonly<Record<string, Values>>): Promise<Record<string, Values>>;
  dispose(): void;
}

type Types = Readonly<Record<string, "float32" | "float16">>;

/**
 * An ONNX graph on onnxruntime's wasm, one thread, checked before it runs: its file against the hash, its inputs and
 * outputs against names, types and shapes. Batches other than 1 and other numbers than floats are refused by name.
 * @throws GraderspaceError ModelTruncated, ModelHashDiffers, DamagedFile, ModelConfig, OutOfMemory
 */
export async function openGraph(
  bytes: Uint8Array,
  entry: ModelConfig["weights"][number],
  inputs: ExpectedTensors,
  outputs: ExpectedTensors,
): Promise<Graph> {
  await verifyHash(bytes, entry);
  const { file } = entry;
  const ort = await import("onnxruntime-web/wasm");
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "fatal";
  const how = { executionProviders: ["wasm"], logSeverityLevel: 4 } as const;
  const session = await opened(() => withBoundedMemory(() => ort.InferenceSession.create(bytes, how)), file);
  try {
    const types = checkSide(session.inputMetadata, inputs, file, "input");
    checkSide(session.outputMetadata, outputs, file, "output");
    return {
      run: async (given) => {
        const feeds: Record<string, Tensor> = {};
        for (const [name, { shape, values }] of Object.entries(given)) {
          feeds[name] =
            types[name] === "float16"
              ? new ort.Tensor("float16", Uint16Array.from(values, singleToHalf), shape)
              : new ort.Tensor("float32", values, shape);
        }
        const found = await computed(() => session.run(feeds, Object.keys(outputs)), file);
        return Object.fromEntries(
          Object.entries(outputs).map(([name, shape]) => [name, taken(found[name] as Tensor, name, shape, file)]),
        );
      },
      dispose: () => void session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** The types of one side's tensors by name, where all are there and as expected, and none is left over. */
function checkSide(
  found: InferenceSession["inputMetadata"],
  expected: ExpectedTensors,
  file: string,
  side: "input" | "output",
): Types {
  const types: Record<string, "float32" | "float16"> = {};
  const names = found.map(({ name }) => name).join(", ") || "none";
  for (const [name, shape] of Object.entries(expected)) {
    const one = found.find((tensor) => tensor.name === name);
    if (one === undefined) throw wrong(file, say`it has no ${side} named ${name}, only ${names}`);
    if (!one.isTensor || (one.type !== "float32" && one.type !== "float16")) {
      throw wrong(
        file,
        say`its ${side} ${name} is of ${one.isTensor ? one.type : say`no tensor`}, not of float32 or float16`,
      );
    }
    if (shape && !fits(one.shape, shape))
      throw wrong(file, say`its ${side} ${name} is ${shown(one.shape)}, not ${shown(shape)}`);
    types[name] = one.type;
  }
  const surplus = side === "input" ? found.find(({ name }) => !(name in expected)) : undefined;
  if (surplus) throw wrong(file, say`it wants an input ${surplus.name}, which config.json does not name`);
  return types;
}

/** A size that a graph leaves open is a name, or less than 1 in older exporters. */
function fits(found: readonly (number | string)[], expected: readonly number[]): boolean {
  return (
    found.length === expected.length &&
    found.every((size, i) => typeof size === "string" || size < 1 || size === expected[i])
  );
}

function shown(shape: readonly (number | string)[]): string {
  return `[${shape.join(", ")}]`;
}

function taken(tensor: Tensor, name: string, expected: readonly number[] | null, file: string): Values {
  if (expected && !fits(tensor.dims, expected))
    throw wrong(file, say`its ${name} came as ${shown(tensor.dims)}, not ${shown(expected)}`);
  const values =
    tensor.type === "float16"
      ? singles(tensor.data as unknown as ArrayBufferView)
      : Float32Array.from(tensor.data as Float32Array);
  tensor.dispose();
  const odd = values.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw wrong(file, say`its ${name} has the value ${odd}`);
  return { shape: [...tensor.dims], values };
}

/** Halves as onnxruntime hands them over: numbers where the engine knows Float16Array, else their bits. */
function singles(data: ArrayBufferView): Float32Array {
  const bits = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  return Float32Array.from(bits, halfToSingle);
}

async function opened<T>(open: () => Promise<T>, file: string): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw memory(error, file) ?? refused("DamagedFile", file, say`onnxruntime cannot read it (${reason(error)})`);
  }
}

async function computed<T>(run: () => Promise<T>, file: string): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw memory(error, file) ?? refused("ModelConfig", file, say`onnxruntime cannot compute it (${reason(error)})`);
  }
}

/** wasm says so in the words of C++, of the engine, or by a bare number where a thrown C++ object was not caught. */
function memory(error: unknown, file: string): GraderspaceError | null {
  const said = reason(error);
  if (!/bad_alloc|out of memory|allocat|memory access out of bounds|^\d+$/i.test(said)) return null;
  return new GraderspaceError("TooLarge", {
    file,
    problem: say`it needs more memory than there is (${MEMORY_BYTES / 2 ** 30} GiB at most)`,
    remedy: say`export a smaller network`,
  });
}

function reason(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const line = said.split("\n")[0]?.trim() ?? "";
  return line.length > 160 ? `${line.slice(0, 157)}…` : line;
}

function wrong(file: string, problem: Text): GraderspaceError {
  return refused("ModelConfig", file, problem);
}

function refused(tag: "DamagedFile" | "ModelConfig", file: string, problem: Text): GraderspaceError {
  return new GraderspaceError(tag, { file, problem, remedy: say`export the network again as docs/onnx.md says` });
}
