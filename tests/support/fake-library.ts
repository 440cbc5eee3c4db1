import { GraderspaceError } from "../../src/core/errors.ts";
import { emptyMask, type Mask, type Slice } from "../../src/core/values/slice.ts";
import type { CaseId } from "../../src/state/app/identity.ts";
import type { Case } from "../../src/state/app/shape.ts";
import { createLibrary, type Library } from "../../src/state/cases/library.ts";

/** A slice of 200 × 180 px of 0.7 mm with a bright disc at (x, y), in HU. */
export function discSlice(x = 100, y = 90, name = "disc"): Slice {
  const [width, height] = [200, 180];
  const values = Float32Array.from({ length: width * height }, (_, i) =>
    Math.hypot((i % width) - x, Math.floor(i / width) - y) < 8 ? 40 : -850 + (i % 7),
  );
  return {
    width,
    height,
    values,
    unit: "HU",
    spacingMm: [0.7, 0.7],
    geometry: null,
    padding: null,
    modality: "CT",
    name,
  };
}

export function discMask(radius: number, x = 100, y = 90): Mask {
  const mask = emptyMask(200, 180);
  for (let i = 0; i < mask.bits.length; i++) {
    mask.bits[i] = Math.hypot((i % 200) - x, Math.floor(i / 200) - y) < radius ? 1 : 0;
  }
  return mask;
}

export function exampleId(name: string): CaseId {
  return `example:${name}` as CaseId;
}

/** Two examples, `example:one` and `example:two`; the second grader of each drew nothing. `example:bad` cannot be read. */
export function fakeLibrary(): Library {
  const cases = new Map<CaseId, Case>();
  const opened = createLibrary({
    readExample: async (path) => {
      throw new GraderspaceError("NetworkFailed", { file: path, problem: "these examples are made up" });
    },
    readModel: async () => new Uint8Array(4),
    readGolden: async () => null,
  });
  for (const [id, x] of [
    ["one", 100],
    ["two", 120],
  ] as const) {
    const graders = [
      { name: "Tight", mask: discMask(6, x) },
      { name: "Blind", mask: null },
    ];
    cases.set(exampleId(id), {
      id: exampleId(id),
      pack: { shelf: "example", row: cases.size },
      title: id,
      group: "Examples",
      simulated: true,
      frames: 1,
      draw: 0,
      frame: 0,
      attribution: null,
      region: [x, 90],
      notes: [],
      own: false,
      stack: null,
      read: async () => ({ slice: discSlice(x), graders }),
    });
  }
  const bad = {
    id: exampleId("bad"),
    title: "bad",
    group: "Examples",
    simulated: true,
    pack: { shelf: "example", row: 2 },
  };
  return {
    ...opened,
    examples: async () => [...cases.values(), bad],
    read: async (id) => {
      const found = cases.get(id);
      if (found) return found;
      if (id !== bad.id) return opened.read(id);
      throw new GraderspaceError("DamagedFile", { file: id, problem: "it cannot be read", remedy: "choose another" });
    },
    weights: async () => [new Uint8Array(4)],
    golden: async () => null,
    addModel: () => undefined,
  };
}
