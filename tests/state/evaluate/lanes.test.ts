import { describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import type { Model } from "../../../src/core/network/model.ts";
import { openZip } from "../../../src/io/bytes/zip.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { readPack } from "../../../src/io/pack/pack.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { evaluateSystem, type Finding, type SystemOrder } from "../../../src/state/evaluate/run.ts";
import { ballCases } from "../../support/ball-pack.ts";
import { BlobSystem } from "../../support/blob-system.ts";
import { FAKE_CONFIG } from "../../support/fake-engine.ts";
import { openPicture } from "../../support/open-picture.ts";
import { turns, until } from "../../support/until.ts";

/** Four cases on a system with three lanes; each look is held until it is let go by its number. */
async function scene() {
  const bytes = writeZip(writePack("Balls", "", ballCases(4)));
  const pack = await readPack(openZip(bytes, "balls.zip"), "balls.zip", openPicture);
  const looks: { end(): void; fail(error: unknown): void }[] = [];
  const system = new BlobSystem(FAKE_CONFIG, () => {
    return new Promise<void>((end, fail) => looks.push({ end, fail }));
  });
  const crew = { lanes: 3, prepare: (crop: Parameters<Model["prepare"]>[0]) => system.prepare(crop) };
  const model = Object.assign(system, { crew });
  const order: SystemOrder = {
    ...{ pack, config: FAKE_CONFIG, rows: [0, 1, 2, 3], seed: 0, count: 2, representativeOf: null },
    ...{ order: "iid", kept: new Map(), shelf: "pack" },
  };
  const task = new AbortController();
  const run = evaluateSystem(
    order,
    async () => model,
    () => 0,
    { signal: task.signal },
  );
  return { looks, system, run, task };
}

const rowOf = (finding: Finding) => (finding.kind === "row" ? finding.row.row : -finding.row);

describe("a system with a crew", () => {
  it("is asked for as many cases at once as it has lanes, and gives its findings in the pack's order", async () => {
    const { looks, run } = await scene();
    const first = run.next(); // the first case opens the system: how many lanes it has is known then
    await until(() => looks.length === 1);
    looks[0]?.end();
    expect(rowOf((await first).value as Finding)).toBe(0);
    const second = run.next();
    await until(() => looks.length === 4);
    for (const k of [3, 2, 1]) looks[k]?.end(); // the last is done first
    const rest = [(await second).value, (await run.next()).value, (await run.next()).value] as Finding[];
    expect(rest.map(rowOf)).toEqual([1, 2, 3]);
    expect((await run.next()).done).toBe(true);
  });

  it("begins no further case while nobody asks for one", async () => {
    const { looks, run } = await scene();
    const first = run.next();
    await until(() => looks.length === 1);
    looks[0]?.end();
    await first;
    await turns(5);
    expect(looks).toHaveLength(1);
  });

  it("is given up where three cases fail, the three that are at work at once included", async () => {
    const { looks, run, system } = await scene();
    const first = run.next();
    await until(() => looks.length === 1);
    looks[0]?.end();
    await first;
    const next = run.next();
    await until(() => looks.length === 4);
    for (const look of looks) look.fail(new GraderspaceError("OutOfMemory", { problem: "it is full" }));
    expect((await next).value).toMatchObject({ kind: "failed", row: 1 });
    expect((await run.next()).value).toMatchObject({ kind: "failed", row: 2 });
    await expect(run.next()).rejects.toMatchObject({ tag: "OutOfMemory" });
    expect(system.disposed).toBe(true);
  });
});
