import { tfjsBackends } from "../../src/engine/backends/tfjs-backends.ts";
import { Caller } from "../../src/engine/calls/calls.ts";
import { serveEngine } from "../../src/engine/calls/serve.ts";
import { createLocalEngine } from "../../src/engine/local-engine.ts";
import { createRemoteEngine } from "../../src/engine/remote-engine.ts";
import { engineContract } from "./contract.ts";

const local = () => createLocalEngine(tfjsBackends({ forced: "wasm" }));

engineContract("The local engine", async () => {
  const engine = local();
  return { engine, close: () => engine.dispose() };
});

engineContract("The engine over a port", async () => {
  const { port1, port2 } = new MessageChannel();
  const stop = serveEngine(port2, local);
  const engine = createRemoteEngine(new Caller(port1));
  return {
    engine,
    close: () => {
      engine.dispose();
      stop();
      port1.close();
      port2.close();
    },
  };
});
