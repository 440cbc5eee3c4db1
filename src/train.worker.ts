import { type TfjsOptions, tfjsBackends } from "./engine/backends/tfjs-backends.ts";
import type { Port } from "./engine/calls/calls.ts";
import { serveTraining } from "./engine/train/serve-training.ts";

// A network this small has no use for a graphics device: each of its layers would wait longer than it computes.
serveTraining(self as unknown as Port, (options: TfjsOptions) => {
  const backends = tfjsBackends(options);
  return options.forced ? backends : backends.filter(({ name }) => name !== "webgpu");
});
