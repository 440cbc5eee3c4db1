import { type TfjsOptions, tfjsBackends } from "./engine/backends/tfjs-backends.ts";
import type { Port } from "./engine/calls/calls.ts";
import { serveModel } from "./engine/model-worker.ts";

const port = self as unknown as Port;
// One file for both, so that tfjs's backends are on the server, and kept for offline use, once.
if (self.name === "train") void serveTrainings();
else if (self.name === "teach") void serveTeachings();
else serveModel(port, tfjsBackends);

/** Says when it listens: what comes before is lost. */
async function serveTrainings(): Promise<void> {
  const { serveTraining } = await import("./engine/train/serve-training.ts");
  serveTraining(port, withoutGraphics);
  port.postMessage("listening", []);
}

async function serveTeachings(): Promise<void> {
  const { serveTeaching } = await import("./engine/teach/serve-teaching.ts");
  serveTeaching(port, withoutGraphics);
  port.postMessage("listening", []);
}

/**
 * A network as small as the trained one has no use for a graphics device: each of its layers would wait longer than it
 * computes. A teaching runs its network twice a case, without the golden values that a device is tested by.
 */
function withoutGraphics(options: TfjsOptions) {
  const backends = tfjsBackends(options);
  return options.forced ? backends : backends.filter(({ name }) => name !== "webgpu");
}
