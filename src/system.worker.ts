import type { Port } from "./engine/calls.ts";
import { serveSystem } from "./engine/system.ts";
import { tfjsBackends } from "./engine/tfjs-backends.ts";

serveSystem(self as unknown as Port, tfjsBackends);
