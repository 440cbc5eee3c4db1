import type { Samples } from "../../src/core/network/encoding.ts";
import { statisticsOf } from "../../src/core/network/statistics.ts";
import type { Grader, Slice } from "../../src/core/values/slice.ts";
import type { SampleExport } from "../../src/io/export/input.ts";
import type { Session } from "../../src/io/session/session.ts";

/**
 * A 7×5 slice, the 4×3 region at (2, 1), two samples: the first marks the region's first pixel and the one to its
 * right, the second nothing.
 */
export function smallExport(parts: Partial<SampleExport> = {}): SampleExport {
  const slice: Slice = {
    width: 7,
    height: 5,
    values: Float32Array.from({ length: 35 }, (_, i) => i - 10),
    unit: "HU",
    spacingMm: [0.5, 0.7],
    geometry: {
      position: [10, -20, 30],
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      thicknessMm: 2.5,
    },
    padding: null,
    modality: "CT",
    name: "DOE^JANE.dcm",
  };
  const probabilities = new Float32Array(24);
  probabilities.set([0.9, 0.5, 0.25]);
  const samples: Samples = { count: 2, width: 4, height: 3, probabilities };
  const graders: Grader[] = [
    {
      name: "Grader 1",
      mask: {
        width: 7,
        height: 5,
        bits: bitsAt(7, 5, [
          [2, 1],
          [0, 0],
        ]),
      },
    },
    { name: "Grader 2", mask: null },
  ];
  return {
    slice,
    origin: [2, 1],
    samples,
    statistics: statisticsOf(samples),
    draws: [{ z: Float32Array.from([0.1, -2]) }, { z: Float32Array.from([1, 0.25]) }],
    prior: { mean: Float32Array.from([0, 1]), logSigma: Float32Array.from([0, 0]) },
    fieldSpacings: [],
    graders,
    session: smallSession(slice),
    ...parts,
  };
}

export function smallSession(slice: Slice): Session {
  return {
    version: 1,
    app: { version: "0.1.0", commit: "abc1234" },
    model: { name: "tiny", sha256: "a".repeat(64) },
    slice: {
      sha256: "b".repeat(64),
      width: slice.width,
      height: slice.height,
      frame: 0,
      spacingMm: slice.spacingMm,
      geometry: slice.geometry,
    },
    region: [4, 3],
    choice: { kind: "z", seed: 42, count: 2 },
    threshold: 0.5,
    backend: "cpu",
  };
}

export function bitsAt(width: number, height: number, pixels: readonly (readonly [number, number])[]): Uint8Array {
  const bits = new Uint8Array(width * height);
  for (const [x, y] of pixels) bits[y * width + x] = 1;
  return bits;
}
