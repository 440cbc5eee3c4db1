import { type TfjsOptions, tfjsBackends } from "./engine/backends/tfjs-backends.ts";
import type { Port } from "./engine/calls/calls.ts";
import { serveEngine } from "./engine/calls/serve.ts";
import { createLocalEngine } from "./engine/local-engine.ts";

serveEngine(self as unknown as Port, (options: TfjsOptions) => {
  const engine = createLocalEngine(tfjsBackends(options));
  engine.prepare();
  return engine;
});
