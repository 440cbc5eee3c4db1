import { beforeEach, describe, expect, it } from "vitest";
import type { CaseId } from "../../../src/state/app/identity.ts";
import type { Case } from "../../../src/state/app/shape.ts";
import { createExplorerStore, type ExplorerStore } from "../../../src/state/app/store.ts";
import { keepFrame, readFrame, replaceCase } from "../../../src/state/cases/frames.ts";

let store: ExplorerStore;
beforeEach(() => {
  store = createExplorerStore(() => 0);
});

/** A stack of square pictures, each of its frame's number; `reads` counts how often its file was asked. */
function stackOf(name: string, side: number): Case & { reads: number } {
  const found = {
    id: name as CaseId,
    title: name,
    group: "Opened files",
    simulated: false,
    pack: null,
    frames: 100,
    draw: 0,
    attribution: null,
    region: [0, 0] as const,
    frame: 0,
    notes: [],
    own: true,
    stack: null,
    reads: 0,
    read: async (frame: number) => {
      found.reads++;
      const values = new Float32Array(side * side).fill(frame);
      const slice = { width: side, height: side, values, unit: "HU", spacingMm: null } as const;
      return { slice: { ...slice, geometry: null, padding: null, modality: null, name }, graders: [] };
    },
  };
  return found;
}

async function look(found: Case, index: number): Promise<void> {
  keepFrame(store, found, await readFrame(store, found, index));
}

const kept = () => [...store.getState().frames.values()].map(({ caseId, index }) => `${caseId} ${index}`);

describe("frames in memory", () => {
  it("are read once", async () => {
    const found = stackOf("a", 2);
    await look(found, 3);
    await look(found, 3);
    expect(found.reads).toBe(1);
  });

  it("of two cases are two, whatever the cases have in common", async () => {
    await look(stackOf("a", 2), 0);
    await look(stackOf("b", 2), 0);
    expect(kept()).toEqual(["a 0", "b 0"]);
  });

  it("stay within 96 MiB: the least recently read goes, and is read again when it is asked for", async () => {
    const found = stackOf("a", 2048); // 16 MiB a frame: six fit
    for (let k = 0; k < 6; k++) await look(found, k);
    await look(found, 0); // read again just now: 1 is the oldest
    await look(found, 6);
    expect(kept()).toEqual(["a 2", "a 3", "a 4", "a 5", "a 0", "a 6"]);
    expect(found.reads).toBe(7);
    await look(found, 1);
    expect(found.reads).toBe(8);
  });

  it("of what a case was before marks were laid over it go, and one that comes late is not kept", async () => {
    const before = stackOf("a", 2);
    await look(before, 0);
    const late = await readFrame(store, before, 1);
    const after = { ...before };
    replaceCase(store, after, { ...late, index: 2 });
    expect(kept()).toEqual(["a 2"]);
    keepFrame(store, before, late);
    expect(kept()).toEqual(["a 2"]);
  });
});
