/**
 * Opens hostile graphs one after the other, draws one sample of each, and says on stdout what became of it. Arguments:
 * "damaged" or "evil", the first and the one behind the last, the processor milliseconds that one may take.
 */
import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import type { ModelFiles } from "../../../../src/core/network/model.ts";
import { loadModel } from "../../../../src/model/load-model.ts";
import { damaged, EVIL, SIDE, seedWith } from "./graphs.ts";

const [which = "", ...numbers] = process.argv.slice(2);
const [from = 0, to = 0, limit = 0] = numbers.map(Number);
const say = (message: object) => writeSync(1, `${JSON.stringify(message)}\n`);
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function drawn({ config, weights }: ModelFiles): Promise<Float32Array> {
  const model = await loadModel({ config, weights });
  try {
    const { size } = config.preprocessing;
    const values = Float32Array.from({ length: size * size }, (_, i) => (i % size) / size);
    const prepared = await model.prepare({ size, values, origin: [0, 0], constant: false });
    const z = new Float32Array(config.onnx?.noiseSize ?? 0).fill(1);
    const choices =
      config.choice === "z" ? { kind: "z" as const, draws: [{ z }] } : { kind: "member" as const, indices: [0] };
    const { samples } = await model.draw(prepared, choices, { samples: true });
    const { probabilities = new Float32Array() } = samples ?? {};
    if (probabilities.length !== size * size || probabilities.some((p) => !(p >= 0 && p <= 1)))
      throw new Error("a sample that is none");
    return probabilities;
  } finally {
    model.dispose();
  }
}

async function became(files: ModelFiles): Promise<string> {
  try {
    await drawn(files);
    return "model";
  } catch (error) {
    if (!(error instanceof GraderspaceError)) throw error;
    if (error.message.length > 400) throw new Error(`a sentence of ${error.message.length} letters`);
    return error.tag;
  }
}

const sound = () => drawn(seedWith("foreign", (bytes) => bytes));
const expected = await sound();
if (expected.length !== SIDE * SIDE) throw new Error("the sound graph gives another size");
const reading = new Float64Array(new SharedArrayBuffer(24));
reading.set([-1, 0, limit]);
new Worker(new URL("../../../io/hostile/watcher.mjs", import.meta.url), { workerData: reading.buffer }).unref();
for (let index = from; index < to; index++) {
  say({ index });
  reading[1] = cpuMs();
  reading[0] = index;
  try {
    const what = await became(which === "evil" ? (EVIL[index]?.[1]() as ModelFiles) : damaged(index));
    // onnxruntime is one for all graphs of a thread: none may leave it unable to compute the next
    const again = what === "model" && index % 4 > 0 ? expected : await sound();
    if (again.some((p, i) => p !== expected[i])) throw new Error("a sound graph gives something else afterwards");
    say({ index, became: what, peak: process.resourceUsage().maxRSS * 1024 });
  } catch (error) {
    say({ index, crash: error instanceof Error ? (error.stack ?? error.message).slice(0, 800) : String(error) });
  }
  reading[0] = -1;
}
say({ done: true });
process.exit(0);
