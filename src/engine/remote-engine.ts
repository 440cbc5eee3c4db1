import { GraderspaceError } from "../core/errors.ts";
import type { Caller } from "./calls/calls.ts";
import type { Engine } from "./engine.ts";

/** An engine behind a port (serve.ts). `options` go to whoever makes the engine there. */
export function createRemoteEngine(caller: Caller, options?: unknown): Engine {
  caller.call("start", [options], undefined, { keep: true }).catch(() => undefined); // the first load will tell
  return {
    load: (files, task) => caller.call("load", [files], task, { keep: true }),
    encode: (crop, task) => caller.call("encode", [crop], task),
    posterior: (crop, mask, task) => caller.call("posterior", [crop, mask], task),
    report: () => caller.call("report", []),
    dispose: () => {
      caller.call("dispose", []).catch(() => undefined);
      caller.close(new GraderspaceError("Aborted", { problem: "the engine was closed" }));
    },
  };
}
