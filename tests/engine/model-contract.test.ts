import { afterAll } from "vitest";
import type { HeadWeights } from "../../src/core/network/encoding.ts";
import { withDecoder } from "../../src/core/network/with-decoder.ts";
import { tfjsBackends } from "../../src/engine/backends/tfjs-backends.ts";
import { Caller } from "../../src/engine/calls/calls.ts";
import { crewedModel } from "../../src/engine/crew/crewed-model.ts";
import { createRemoteDecoder } from "../../src/engine/decoder/remote-decoder.ts";
import { serveDecoder } from "../../src/engine/decoder/serve-decoder.ts";
import { serveModel } from "../../src/engine/model-worker.ts";
import { ModelHost } from "../../src/engine/recovery.ts";
import { createRemoteModel } from "../../src/engine/remote-model.ts";
import { loadModel } from "../../src/model/load-model.ts";
import { WasmDecoder } from "../../src/wasm/wasm-decoder.ts";
import { modelContract } from "./model-contract.ts";

const wasm = () => tfjsBackends({ forced: "wasm" });
const makeDecoder = (head: HeadWeights) => WasmDecoder.create(head);
const open: MessagePort[] = [];
afterAll(() => {
  for (const port of open) port.close();
});

function served(serve: (port: MessagePort) => void): Caller {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  serve(port2);
  return new Caller(port1);
}

/** Once: a start makes the backend anew, and what was loaded before loses its tensors. */
let started: Promise<unknown> | undefined;
modelContract("A model in this thread", async (files) => {
  started ??= wasm()[0]?.start();
  await started;
  return loadModel(files, makeDecoder);
});

modelContract("A model that recovers", (files) => new ModelHost(wasm()).load(files));

modelContract("A model over a port", (files) => {
  return createRemoteModel(
    served((port) => serveModel(port, wasm)),
    files,
  );
});

modelContract("A model with a decoder of its own", async (files) => {
  const model = await createRemoteModel(
    served((port) => serveModel(port, wasm)),
    files,
  );
  if (!model.decode) return model;
  const decoding = served((port) => serveDecoder(port, makeDecoder));
  return withDecoder(model, await createRemoteDecoder(decoding, model.decode));
});

modelContract("A model with a crew", async (files) => {
  const make = () =>
    createRemoteModel(
      served((port) => serveModel(port, wasm)),
      files,
    );
  return crewedModel(await make(), { size: 2, after: 0, make });
});
