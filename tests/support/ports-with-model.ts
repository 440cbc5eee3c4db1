import { openModel } from "../../src/cli/backend.ts";
import { readModel } from "../../src/cli/model-folder.ts";
import type { ModelFiles } from "../../src/core/network/model.ts";
import { type FakePorts, fakePorts } from "./fake-ports.ts";

/** Ports of a page that has a real model of this folder beside the made-up ones, and these examples. */
export async function portsWithModel(
  folder: string,
  readExample: (path: string) => Promise<Uint8Array>,
): Promise<{ readonly ports: FakePorts; readonly files: ModelFiles }> {
  const files = await readModel(folder);
  const base = fakePorts(readExample);
  const ports = {
    ...base,
    models: [...base.models, { name: files.config.name, config: files.config }],
    readModel: async (_name: string, name: string) =>
      files.weights[files.config.weights.findIndex((entry) => entry.file === name)] as Uint8Array,
    engine: async () => {
      const engine = await base.engine();
      const isFake = ({ config }: ModelFiles) => base.models.some(({ name }) => name === config.name);
      return { ...engine, load: (of: ModelFiles) => (isFake(of) ? engine.load(of) : openModel(of)) };
    },
  } as FakePorts;
  return { ports, files };
}
