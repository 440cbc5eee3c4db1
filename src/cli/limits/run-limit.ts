import { Worker } from "node:worker_threads";
import { runsTooLong } from "../../core/config/runs-too-long.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { Model, ModelFiles } from "../../core/network/model.ts";

const TURN_MS = 250;

/**
 * A thread beside the one that computes, which a graph without end keeps from everything: says the sentence and ends the
 * program after so many seconds in which no run of the network was done. `work`: runs done or turns of that thread, and whether one is under way.
 * As text, so that it needs no file beside a bundle of this program.
 */
const WATCHER = `
const { workerData: { memory, seconds, sentence } } = require("node:worker_threads");
const work = new Int32Array(memory);
let [seen, silent] = [-1, 0];
setInterval(() => {
  const [done, busy] = [Atomics.load(work, 0), Atomics.load(work, 1)];
  silent = busy === 1 && done === seen ? silent + 1 : 0;
  seen = done;
  if (silent < seconds) return;
  require("node:fs").writeSync(2, sentence + "\\n");
  process.kill(process.pid, "SIGTERM");
}, 1000);`;

/**
 * Opens a network of any maker and lets each of its runs compute for as long as its config says; what takes longer ends
 * the program with a sentence. @throws as `open`
 */
export async function withRunLimit(files: ModelFiles, open: () => Promise<Model>): Promise<Model> {
  const { onnx, name } = files.config;
  if (!onnx) return open();
  const memory = new SharedArrayBuffer(8);
  const work = new Int32Array(memory);
  const sentence = runsTooLong(name, onnx.runSeconds).message;
  new Worker(WATCHER, { eval: true, workerData: { memory, seconds: onnx.runSeconds, sentence } }).unref();
  // files that are read, and code that is fetched, let this thread turn; a run does not
  setInterval(() => Atomics.add(work, 0, 1), TURN_MS).unref();
  const watched = async <T>(run: () => Promise<T>): Promise<T> => {
    Atomics.store(work, 1, 1);
    try {
      return await run();
    } finally {
      Atomics.store(work, 1, 0);
    }
  };
  const told = (task?: Task): Task => ({
    ...task,
    onProgress: (share) => {
      Atomics.add(work, 0, 1);
      task?.onProgress?.(share);
    },
  });
  const model = await watched(open);
  return {
    ...model,
    prepare: (crop, task) => watched(() => model.prepare(crop, told(task))),
    draw: (prepared, choices, want, task) => watched(() => model.draw(prepared, choices, want, told(task))),
  };
}
