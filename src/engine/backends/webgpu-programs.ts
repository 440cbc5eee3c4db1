import * as tf from "@tensorflow/tfjs-core";

/** What of tfjs's webgpu backend is used here. */
interface WebGpuBackend {
  runWebGPUProgram(program: object, inputs: readonly tf.TensorInfo[], dtype: tf.DataType): tf.TensorInfo;
}

type Call = Parameters<tf.KernelFunc>[0];

/** A program of src/gpu as tfjs runs it. */
export interface OwnProgram {
  readonly key: string;
  readonly code: string;
  readonly threads: number;
  readonly workgroups: number;
  /** The storage arrays that it names, with how many numbers an element of each has. */
  readonly inputs: readonly { readonly name: string; readonly tile: 1 | 4; readonly from: tf.TensorInfo }[];
  readonly outputTile: 1 | 4;
  readonly outputShape: readonly number[];
}

/** Its result in a new tensor of float32. */
export function runProgram(backend: unknown, program: OwnProgram): tf.TensorInfo {
  const { inputs, outputTile, outputShape, threads, workgroups, key, code } = program;
  return (backend as WebGpuBackend).runWebGPUProgram(
    {
      variableNames: inputs.map(({ name }) => name),
      variableComponents: inputs.map(({ tile }) => tile),
      outputComponent: outputTile,
      outputShape,
      workgroupSize: [threads, 1, 1],
      dispatchLayout: { x: outputShape.map((_, axis) => axis) },
      dispatch: [workgroups, 1, 1],
      shaderKey: key,
      getUserCode: () => code,
    },
    inputs.map(({ from }) => from),
    "float32",
  );
}

const replaced = new Set<string>();

/** Puts `ours` under tfjs's webgpu backend, once; what it does not fit (null) stays with tfjs. */
export function replaceKernel(name: string, ours: (call: Call) => tf.TensorInfo | null): void {
  const original = tf.getKernel(name, "webgpu");
  if (replaced.has(name) || !original) return;
  replaced.add(name);
  tf.unregisterKernel(name, "webgpu");
  tf.registerKernel({ ...original, kernelFunc: (call) => ours(call) ?? original.kernelFunc(call) });
}
