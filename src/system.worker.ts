import { tfjsBackends } from "./engine/backends/tfjs-backends.ts";
import type { Port } from "./engine/calls/calls.ts";
import { serveSystem } from "./engine/system.ts";

serveSystem(self as unknown as Port, tfjsBackends);
