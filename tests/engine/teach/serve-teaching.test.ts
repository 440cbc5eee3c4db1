import { afterAll, describe, expect, it } from "vitest";
import { openModel } from "../../../src/cli/backend.ts";
import { DEFAULT_TEACHING } from "../../../src/core/teach/settings.ts";
import type { FoldRecord, TeachEvent } from "../../../src/core/teach/taught.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { createRemoteTeaching } from "../../../src/engine/teach/remote-teaching.ts";
import { serveTeaching } from "../../../src/engine/teach/serve-teaching.ts";
import { headStudent } from "../../../src/model/teach/student.ts";
import { teach } from "../../../src/model/teach/teaching.ts";
import { modelFiles } from "../../support/golden.ts";
import { ownGraders } from "../../support/own-graders.ts";

const { port1, port2 } = new MessageChannel();
serveTeaching(port2, () => tfjsBackends({ forced: "wasm" }));
let closed = 0;
const remote = createRemoteTeaching(port1, {}, () => closed++);
afterAll(() => {
  port1.close();
  port2.close();
});

const files = modelFiles("tests/golden/tiny-linear");
const SETTINGS = { ...DEFAULT_TEACHING, folds: 2, steps: 6, lookEvery: 3, count: 4, draws: 4 };

describe("a teaching over a port", () => {
  it("says what is the matter where none was started, is not done, or cannot be", async () => {
    await expect(remote.advance()).rejects.toThrow("No teaching was started");
    await expect(remote.start(modelFiles("tests/golden/tiny-prob-unet"), SETTINGS, [])).rejects.toThrow(
      "cannot be taught here",
    );
    expect(await remote.start(files, SETTINGS, [])).toContain("wasm: SIMD");
    await expect(remote.model("ours", "pack")).rejects.toThrow("The teaching is not done");
  });

  it("comes to what one in this thread comes to, and gives its model", async () => {
    const model = await openModel(files);
    const cases = await ownGraders(model, 8, 32);
    const source = { count: 8, patients: null, marked: async (i: number) => cases[i] as (typeof cases)[number] };
    let here: TeachEvent | null = null;
    for await (const event of teach(headStudent(model), source, SETTINGS)) here = event;
    await remote.start(files, SETTINGS, []);
    for (const marked of cases) await remote.add(marked, null);
    let there = await remote.advance();
    while (there.kind !== "done") there = await remote.advance();
    expect(there).toEqual(here);
    await expect(remote.advance()).rejects.toThrow("The teaching is over");
    const found = await remote.model("ours", "our pack");
    expect(found.config).toMatchObject({ name: "ours", training: { parent: { name: "tiny-linear" } } });
    expect(found.card).toContain("# ours");
    expect(found.weights[0]?.length).toBe(found.config.weights[0]?.bytes);
  });

  it("goes on behind folds that are known, with the U-Net's last block, and says so in the model's facts", async () => {
    const settings = { ...SETTINGS, depth: "block" } as const;
    const model = await openModel(files);
    const cases = await ownGraders(model, 8, 32);
    model.dispose();
    const run = async (known: readonly FoldRecord[]) => {
      await remote.start(files, settings, known);
      for (const marked of cases) await remote.add(marked, null);
      const events = [await remote.advance()];
      while (events.at(-1)?.kind !== "done") events.push(await remote.advance());
      return events;
    };
    const whole = await run([]);
    const records = whole.flatMap((event) => (event.kind === "fold" ? [event.record] : []));
    expect(records.length).toBe(2);
    const again = await run(records);
    expect(again.some(({ kind }) => kind === "learning")).toBe(false);
    expect(again.at(-1)).toEqual(whole.at(-1));
    const { config, card } = await remote.model("ours", "our pack");
    expect(config.training["depth"]).toBe("block");
    expect(card).toContain("The last block of the U-Net learnt as well");
  });

  it("is closed for good", async () => {
    remote.dispose();
    expect(closed).toBe(1);
    await expect(remote.advance()).rejects.toThrow("The teaching was closed");
  });
});
