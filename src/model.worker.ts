import { tfjsBackends } from "./engine/backends/tfjs-backends.ts";
import type { Port } from "./engine/calls/calls.ts";
import { serveModel } from "./engine/model-worker.ts";

serveModel(self as unknown as Port, tfjsBackends);
