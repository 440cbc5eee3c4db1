import { describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import type { BackendReport, Model } from "../../../src/core/network/model.ts";
import { crewedModel } from "../../../src/engine/crew/crewed-model.ts";
import { FAKE_REPORT } from "../../support/fake-engine.ts";
import { FakeSampler, fakeConfig } from "../../support/fake-sampler.ts";
import { turns } from "../../support/until.ts";

const crop = () => ({ size: 4, values: new Float32Array(16), origin: [0, 0] as const, constant: false });

/** A model that writes down who looks at a crop, and looks until it is let go on. */
function member(name: string, log: string[], report: BackendReport = FAKE_REPORT, family = "dropout-unet" as const) {
  const inner = new FakeSampler({ config: fakeConfig(family) });
  const waiting: (() => void)[] = [];
  let fault: unknown = null;
  const model: Model = {
    ...inner,
    report: () => report,
    prepare: async (one) => {
      log.push(name);
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (fault) throw fault;
      return { crop: one, prior: null, encoding: null };
    },
    draw: async () => {
      log.push(`${name} draws`);
      return {};
    },
    dispose: () => void log.push(`${name} is closed`),
  };
  const next = async () => {
    waiting.shift()?.();
    await turns(2);
  };
  return {
    model,
    next,
    fail: (error: unknown) => {
      fault = error;
    },
  };
}

function scene({ size = 2, report = FAKE_REPORT, choice = "seed" as Model["choice"] } = {}) {
  const log: string[] = [];
  const first = member("first", log, report);
  const helpers = ["second", "third"].map((name) => member(name, log));
  const made = [...helpers];
  const crewed = crewedModel(
    { ...first.model, choice },
    { size, after: 0, make: async () => (made.shift() as (typeof helpers)[0]).model },
  );
  return { log, first, helpers, crewed };
}

describe("a model with a crew", () => {
  it("stays alone while one thing at a time is asked of it", async () => {
    const { crewed, first, log } = scene();
    for (let k = 0; k < 3; k++) {
      const looked = crewed.prepare(crop());
      await turns(1);
      await first.next();
      await looked;
    }
    expect(log).toEqual(["first", "first", "first"]);
  });

  it("gets a helper when all are busy, and gives the next work to whoever has least", async () => {
    const { crewed, log } = scene({ size: 2 });
    void crewed.prepare(crop());
    await turns(1);
    void crewed.prepare(crop()); // the helper is on its way: this one still waits behind the first
    await turns(2);
    void crewed.prepare(crop());
    await turns(2);
    void crewed.prepare(crop());
    await turns(2);
    expect(log).toEqual(["first", "first", "second", "second"]);
  });

  it("gets none before it has worked for long: a helper would come too late, and be in the way", async () => {
    const log: string[] = [];
    const first = member("first", log);
    const second = member("second", log);
    let clock = 0;
    const parts = { size: 2, after: 1000, now: () => clock, make: async () => second.model };
    const crewed = crewedModel(first.model, parts);
    for (const milliseconds of [999, 1]) {
      void crewed.prepare(crop());
      await turns(1);
      clock += milliseconds;
      await first.next();
      for (let k = 0; k < 2; k++) void crewed.prepare(crop()); // the second of them finds it busy
      await turns(2);
      for (let k = 0; k < 2; k++) await first.next();
    }
    expect(log).toEqual(Array(6).fill("first"));
    for (let k = 0; k < 2; k++) void crewed.prepare(crop());
    await turns(1);
    expect(log.slice(6)).toEqual(["first", "second"]); // made when 1,000 ms were full
  });

  it("gets one at once for who has many crops to look at", async () => {
    const log: string[] = [];
    const [first, second] = [member("first", log), member("second", log)];
    const crewed = crewedModel(first.model, { size: 2, after: 1e9, make: async () => second.model });
    for (let k = 0; k < 2; k++) void crewed.crew?.prepare(crop());
    await turns(2);
    void crewed.crew?.prepare(crop());
    await turns(1);
    expect(log).toEqual(["first", "first", "second"]);
  });

  it("is never more than its size", async () => {
    const { crewed, log } = scene({ size: 2 });
    for (let k = 0; k < 9; k++) {
      void crewed.prepare(crop());
      await turns(2);
    }
    expect(new Set(log)).toEqual(new Set(["first", "second"]));
  });

  it("lets who has looked at a crop draw from it while it is free", async () => {
    const { crewed, first, helpers, log } = scene();
    void crewed.prepare(crop());
    void crewed.prepare(crop());
    await turns(3);
    const looked = crewed.prepare(crop());
    await turns(1);
    await helpers[0]?.next();
    const prepared = await looked;
    await first.next();
    await first.next();
    await crewed.draw(prepared, { kind: "seed", seeds: [1] }, { samples: true });
    expect(log.at(-1)).toBe("second draws");
  });

  it("lets who has looked draw though it is busy, where all heads come of that one look", async () => {
    const { crewed, first, log } = scene({ choice: "head" });
    const looked = crewed.prepare(crop());
    await turns(1);
    await first.next();
    const prepared = await looked;
    void crewed.prepare(crop());
    void crewed.prepare(crop());
    await turns(3);
    await crewed.draw(prepared, { kind: "head", indices: [0] }, { samples: true });
    expect(log.at(-1)).toBe("first draws");
  });

  it("leaves out a first that computes with threads: it sums in another order", async () => {
    const { crewed, helpers, log } = scene({ report: { ...FAKE_REPORT, limits: { threads: 4 } } });
    const looked = crewed.prepare(crop());
    await turns(2);
    await helpers[0]?.next();
    await looked;
    expect(log).toEqual(["second"]);
  });

  it("gives the work of a helper whose worker is lost to another, and tries no further one", async () => {
    const { crewed, first, helpers, log } = scene({ size: 3 });
    void crewed.prepare(crop());
    void crewed.prepare(crop());
    await turns(3);
    const looked = crewed.prepare(crop());
    await turns(1);
    helpers[0]?.fail(new GraderspaceError("WorkerLost", { problem: "gone" }));
    await helpers[0]?.next();
    for (let k = 0; k < 3; k++) await first.next();
    await looked;
    expect(log).toEqual(["first", "first", "second", "second is closed", "first"]);
  });

  it("takes no helper that computes otherwise", async () => {
    const log: string[] = [];
    const first = member("first", log);
    const other = member("other", log, { ...FAKE_REPORT, backend: "webgpu" });
    const crewed = crewedModel(first.model, { size: 2, after: 0, make: async () => other.model });
    for (let k = 0; k < 4; k++) {
      void crewed.prepare(crop());
      await turns(2);
    }
    expect(log).toEqual(["first", "first", "other is closed", "first", "first"]);
  });

  it("passes on what is wrong with the work itself", async () => {
    const { crewed, first } = scene();
    first.fail(new GraderspaceError("BadArgument", { problem: "no such seed" }));
    const looked = crewed.prepare(crop());
    await turns(1);
    const refused = expect(looked).rejects.toMatchObject({ tag: "BadArgument" });
    await first.next();
    await refused;
  });

  it("closes all of its workers, one that is still on its way included", async () => {
    const { crewed, log } = scene();
    void crewed.prepare(crop());
    await turns(1);
    void crewed.prepare(crop());
    crewed.dispose();
    await turns(3);
    expect(log.slice(2).sort()).toEqual(["first is closed", "second is closed"]);
  });
});
