import { type TfjsOptions, tfjsBackends } from "./engine/backends/tfjs-backends.ts";
import type { Port } from "./engine/calls/calls.ts";
import { serveModel } from "./engine/model-worker.ts";

const port = self as unknown as Port;
// One file for both, so that tfjs's backends are on the server, and kept for offline use, once.
if (self.name === "train") void serveTrainings();
else serveModel(port, tfjsBackends);

/** Says when it listens: what comes before is lost. */
async function serveTrainings(): Promise<void> {
  const { serveTraining } = await import("./engine/train/serve-training.ts");
  // A network this small has no use for a graphics device: each of its layers would wait longer than it computes.
  serveTraining(port, (options: TfjsOptions) => {
    const backends = tfjsBackends(options);
    return options.forced ? backends : backends.filter(({ name }) => name !== "webgpu");
  });
  port.postMessage("listening", []);
}
