import { GraderspaceError } from "../core/errors.ts";
import { say } from "../core/language/say.ts";

/** A device of our own, with its loss and its refusals noted. */
export interface Device {
  readonly gpu: GPUDevice;
  /** Rejects with DeviceLost when the device goes; never resolves. */
  readonly lost: Promise<never>;
  /** The pipelines made on it, by what makes them different. */
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>;
}

/** Asks for as much memory per buffer as the adapter has: a whole slice's maps pass the default limits. */
export async function openDevice(adapter: GPUAdapter): Promise<Device> {
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const gpu = await adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } });
  const lost = gpu.lost.then(({ message }): never => {
    throw deviceLost(message);
  });
  lost.catch(() => undefined);
  return { gpu, lost, pipelines: new Map() };
}

export function deviceLost(message: string): GraderspaceError {
  return new GraderspaceError("DeviceLost", {
    problem: say`the graphics device was lost (${message || say`no reason given`})`,
  });
}

/** Bytes that one storage buffer may have on this device. */
export function largestBuffer({ limits }: GPUDevice): number {
  return Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
}

/** Runs work whose refusals come late and apart from it: memory that is not there, or a device that is going. */
export async function guarded<T>(gpu: GPUDevice, work: () => Promise<T>): Promise<T> {
  gpu.pushErrorScope("out-of-memory");
  gpu.pushErrorScope("validation");
  const outcome = await work().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const [invalid, memory] = await Promise.all([gpu.popErrorScope(), gpu.popErrorScope()]).catch(() => [null, null]);
  if (memory) {
    const problem = say`the graphics device has no memory left for this decode (${memory.message})`;
    throw new GraderspaceError("OutOfMemory", { problem, remedy: say`ask for fewer samples at once` });
  }
  if ("error" in outcome && outcome.error instanceof GraderspaceError) throw outcome.error;
  if (invalid) throw deviceLost(invalid.message);
  if ("error" in outcome)
    throw deviceLost(outcome.error instanceof Error ? outcome.error.message : String(outcome.error));
  return outcome.value;
}
