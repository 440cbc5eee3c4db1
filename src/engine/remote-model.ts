import { hasPosterior } from "../core/config/model-config.ts";
import { GraderspaceError } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import type { Task } from "../core/network/encoding.ts";
import type { Model, ModelFiles } from "../core/network/model.ts";
import type { Caller } from "./calls/calls.ts";
import type { LoadedThere, PreparedThere } from "./model-worker.ts";

/**
 * A model of any family behind a port (model-worker.ts). A worker that dies is told of the model again. `options` go to
 * whoever chooses the backends there; `close` says what becomes of the port. @throws as `ModelHost.load`, and WorkerLost
 */
export async function createRemoteModel(
  caller: Caller,
  files: ModelFiles,
  options?: unknown,
  close: () => void = () => undefined,
  task?: Task,
): Promise<Model> {
  const kept = { keep: true };
  caller.call("start", [options], undefined, kept).catch(() => undefined); // load will tell
  const loading = caller.call<LoadedThere>("load", [files], task, kept);
  loading.catch(() => caller.free("load", closed()));
  let { report, ...info } = await loading;
  let open = true;
  /** The port may lead to another model by now. */
  const ask = <T>(method: string, args: readonly unknown[], task?: Task): Promise<T> =>
    open ? caller.call<T>(method, args, task) : Promise.reject(closed());
  const posteriors: Model["posteriors"] = ({ crop }, masks, task) => ask("posteriors", [crop, masks], task);
  const lookInside: Model["lookInside"] = ({ crop }, task) => ask("lookInside", [crop], task);
  return {
    ...info,
    config: files.config,
    report: () => report,
    prepare: async (crop, task) => {
      const { report: now, ...prepared } = await ask<PreparedThere>("prepare", [crop], task);
      report = now;
      return { crop, ...prepared };
    },
    draw: ({ crop }, choices, want, task) => ask("draw", [crop, choices, want], task),
    ...(hasPosterior(info.config) && { posteriors }),
    ...(info.decode && { lookInside }),
    dispose: () => {
      if (!open) return;
      open = false;
      caller.free("load", closed());
      caller.call("dispose", []).catch(() => undefined);
      close();
    },
  };
}

function closed(): GraderspaceError {
  return new GraderspaceError("Aborted", { problem: say`the model was closed` });
}
