import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { Caller, type Port } from "../calls/calls.ts";
import type { TeachingPort } from "./teaching-port.ts";

/** A teaching behind a port (serve-teaching.ts). `options` go to whoever chooses the backends there. */
export function createRemoteTeaching(port: Port, options: unknown, close: () => void): TeachingPort {
  const caller = new Caller(port);
  return {
    start: (files, settings, known) => caller.call("start", [options, files, settings, known]),
    add: (marked, patient) => caller.call("add", [marked, patient]),
    advance: () => caller.call("advance", []),
    model: (name, cases) => caller.call("model", [name, cases]),
    dispose: () => {
      caller.close(new GraderspaceError("Aborted", { problem: say`the teaching was closed` }));
      close();
    },
  };
}
