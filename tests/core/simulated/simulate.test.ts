import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { measureScanner } from "../../../src/core/simulated/scanner.ts";
import { simulateCase } from "../../../src/core/simulated/simulate.ts";
import { SIX_NODULES } from "../../../src/core/simulated/six-nodules.ts";
import { LUNG_SLICE, lungSlice } from "../../support/lung-slice.ts";

const slice = lungSlice();
const scanner = measureScanner(slice);

/** First digits of the sha256 of the slice's values, and of each grader's mask; null where that one drew nothing. */
const PIXELS: Readonly<Record<string, readonly (string | null)[]>> = {
  "part-solid": ["a5ddca3c48ff", "6adf90559557", "ce9dc625701d", "4ed1a3e6fd9e", "60dd0cd3f466"],
  solid: ["d96b7b831b31", "46f71a8e4233", "4c618326cd5a", "8e47161cad2b", "11876c07831c"],
  spiculated: ["4b716e83b59e", "b013ffeed854", "2101793ed8a9", "6a1a441463a2", "00b2f0ec60b2"],
  pleural: ["00d94d151b47", "68fd9fbb1acd", "a5536dc2b0ff", "7f342e760870", "43288b53c415"],
  "ground-glass": ["367885fbda34", "92459830b2f5", "324d6a46ec63", null, null],
  tiny: ["ff85183471e6", "c3a7bd98ca7e", "e1f5874ea1a3", "8091687f13ac", null],
};

const digits = (values: Float32Array | Uint8Array) =>
  createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex")
    .slice(0, 12);

/** The pleural nodule lies at the made slice's wall, the others in its lung. */
const simulated = (recipe: (typeof SIX_NODULES)[number]) =>
  simulateCase(slice, scanner, {
    ...recipe,
    nodule: { ...recipe.nodule, centre: recipe.id === "pleural" ? [LUNG_SLICE.wall + 2.4, 120.4] : [150.3, 120.6] },
  });

test.each(SIX_NODULES.map((recipe) => [recipe.id, recipe] as const))(
  "the %s nodule is the same pixels as ever, and so is what its four graders draw: links and kept work name an example by its numbers",
  (id, recipe) => {
    const found = simulated(recipe);
    const masks = found.graders.map(({ mask }) => mask && digits(mask.bits));
    expect([digits(found.slice.values), ...masks]).toEqual(PIXELS[id]);
  },
);

test("an example keeps its name, its title and the region that is opened first, which lies within 3 px of the nodule", () => {
  for (const recipe of SIX_NODULES) {
    const { id, title, region } = simulated(recipe);
    expect({ id, title, region }).toEqual({ id: recipe.id, title: recipe.title, region: recipe.region });
    const [x, y] = recipe.nodule.centre;
    expect(Math.hypot(region[0] - x, region[1] - y)).toBeLessThan(3);
  }
});

test("the chest wall is not a nodule: what lies outside the patch stays as it was", () => {
  const { values } = simulated(SIX_NODULES[0]!).slice;
  const changed = [...values.keys()].filter((i) => values[i] !== slice.values[i]);
  const columns = changed.map((i) => i % slice.width);
  expect(Math.min(...columns)).toBeGreaterThan(120);
  expect(Math.max(...columns)).toBeLessThan(180);
});
