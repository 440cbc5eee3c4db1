import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { Caller, type Port } from "../calls/calls.ts";
import type { TrainingPort } from "./training-port.ts";

/** A training behind a port (serve-training.ts). `options` go to whoever chooses the backends there. */
export function createRemoteTraining(port: Port, options: unknown, close: () => void): TrainingPort {
  const caller = new Caller(port);
  return {
    start: (settings) => caller.call("start", [options, settings]),
    advance: () => caller.call("advance", []),
    peek: () => caller.call("peek", []),
    look: () => caller.call("look", []),
    back: (step) => caller.call("back", [step]),
    model: (name) => caller.call("model", [name]),
    dispose: () => {
      caller.close(new GraderspaceError("Aborted", { problem: say`the training was closed` }));
      close();
    },
  };
}
