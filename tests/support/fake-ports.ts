import { throwIfAborted } from "../../src/core/errors.ts";
import type { Task } from "../../src/core/network/encoding.ts";
import type { Model } from "../../src/core/network/model.ts";
import type { Crop } from "../../src/core/values/region.ts";
import { nextTurn } from "../../src/engine/calls/next-turn.ts";
import { LocalStitcher, mapWholeSlice } from "../../src/engine/whole-slice.ts";
import type { Ports } from "../../src/state/app/ports.ts";
import { rowsInMemory } from "../../src/state/evaluate/rows.ts";
import { teachingsInMemory } from "../../src/state/evaluate/teach/kept-teachings.ts";
import { FAKE_CONFIG, FAKE_FIELDS_CONFIG, FAKE_HEAD, FakeDecoder, FakeEngine } from "./fake-engine.ts";
import { FakeSampler, fakeConfig } from "./fake-sampler.ts";
import { FakeTeaching } from "./fake-teaching.ts";
import { FakeTraining } from "./fake-training.ts";
import { KeptInMemory } from "./kept-in-memory.ts";

/** The paper's other systems. */
export const RIVALS = ["dropout-unet", "unet-ensemble", "m-heads", "image2image-vae"] as const;

export interface FakePorts extends Ports {
  readonly fake: FakeEngine;
  readonly decoder: FakeDecoder;
  /** The systems that were opened, in their order, and what the next ones do instead. */
  readonly systems: FakeSampler[];
  readonly failing: Record<string, Error>;
}

/** Ports on the fake engine. Frames come at the next turn of the event loop. */
export function fakePorts(readExample: (path: string) => Promise<Uint8Array>): FakePorts {
  const fake = new FakeEngine();
  const decoder = new FakeDecoder(FAKE_HEAD);
  const systems: FakeSampler[] = [];
  const failing: Record<string, Error> = {};
  return {
    systems,
    failing,
    fake,
    decoder,
    engine: async () => ({
      wholeSlice: (model, input, task) =>
        mapWholeSlice(slowly(model), new LocalStitcher(new FakeDecoder(FAKE_HEAD)), input, task),
      load: async (files, task) => {
        if (files.config.family === "prob-unet") {
          return fake.load(files, (head) => (head === FAKE_HEAD ? decoder : new FakeDecoder(head)));
        }
        await new Promise((resolve) => setTimeout(resolve));
        throwIfAborted(task?.signal);
        const failure = failing[files.config.name];
        if (failure) throw failure;
        const system = new FakeSampler(files);
        systems.push(system);
        return system;
      },
      dispose: () => undefined,
    }),
    trainer: async () => new FakeTraining(),
    teacher: async () => new FakeTeaching(),
    models: [
      { name: "fake", config: FAKE_CONFIG },
      { name: "fake-fields", config: FAKE_FIELDS_CONFIG },
      ...RIVALS.map((family) => ({ name: `fake-${family}`, config: fakeConfig(family) })),
    ],
    firstModel: "fake",
    readModel: async () => new Uint8Array(4),
    readGolden: async () => null,
    readExample,
    readCard: async () => ({ text: "# Fake model\n\nMade up for tests.", pictures: {} }),
    evaluationRows: rowsInMemory(),
    teachings: async () => teachingsInMemory(),
    kept: new KeptInMemory().tab(),
    frame: (callback) => void setTimeout(callback, 0),
    now: () => performance.now(),
    nextTurn,
    takeNewVersion: async () => undefined,
    archives: [],
    archiveTransport: { send: (url, request) => fetch(url, request), wait: async () => undefined },
    app: { version: "0.0.0", commit: "test" },
  };
}

/** A model that takes a few turns of the event loop, as one in a worker does: others get their turn between regions. */
function slowly(model: Model): Pick<Model, "prepare"> {
  return {
    prepare: async (crop: Crop, task?: Task) => {
      await new Promise((resolve) => setTimeout(resolve, 8));
      throwIfAborted(task?.signal);
      return model.prepare(crop);
    },
  };
}
