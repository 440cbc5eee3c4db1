import { GraderspaceError } from "../core/errors.ts";
import type { Task } from "../core/network/encoding.ts";
import type { Sampler } from "../model/sampler.ts";
import type { Caller } from "./calls/calls.ts";
import type { ModelFiles } from "./engine.ts";
import type { About } from "./system.ts";

/**
 * Any of the five systems behind a port. A worker that dies is told of the model and the crop again. `close` ends what
 * the port leads to.
 */
export async function createRemoteSystem(
  caller: Caller,
  files: ModelFiles,
  options?: unknown,
  close: () => void = () => undefined,
  task?: Task,
): Promise<Sampler> {
  const kept = { keep: true };
  caller.call("start", [options], undefined, kept).catch(() => undefined); // load will tell
  const about = await caller.call<About>("load", [files], task, kept);
  return {
    ...about,
    config: files.config,
    prepare: (crop, size, task) => caller.call("prepare", [crop, size], task, kept),
    draw: (choices, want, task) => caller.call("draw", [choices, want], task),
    posteriors: (masks, task) => caller.call("posteriors", [masks], task),
    dispose: () => {
      caller.call("dispose", []).catch(() => undefined);
      caller.close(new GraderspaceError("Aborted", { problem: "the system was closed" }));
      close();
    },
  };
}
