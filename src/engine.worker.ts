import type { Port } from "./engine/calls.ts";
import { createLocalEngine } from "./engine/local-engine.ts";
import { serveEngine } from "./engine/serve.ts";
import { type TfjsOptions, tfjsBackends } from "./engine/tfjs-backends.ts";

serveEngine(self as unknown as Port, (options: TfjsOptions) => {
  const engine = createLocalEngine(tfjsBackends(options));
  engine.prepare();
  return engine;
});
