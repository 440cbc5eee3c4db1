import { expect, it } from "vitest";
import { FIRST_INTENT, type Intent } from "../../../src/state/app/intent.ts";
import type { ModelChoice } from "../../../src/state/app/shape.ts";
import { whatChanged } from "../../../src/ui/tour/what-changed.ts";

const models = [
  { name: "a", config: { title: "Model A" }, bundled: true },
  { name: "b", config: { title: "Model B" }, bundled: true },
] as unknown as readonly ModelChoice[];
const first: Intent = { ...FIRST_INTENT, model: "a" };

it("says nothing where nothing had to change", () => {
  expect(whatChanged(first, structuredClone(first), models)).toBe("");
});

it("names the model, the map, the outlines and z", () => {
  const { view } = first;
  const after: Intent = {
    ...first,
    model: "b",
    view: { ...view, layer: "none", outlines: { ...view.outlines, graders: false } },
    z: { source: { kind: "sample", index: 0 }, locks: {} },
  };
  expect(whatChanged(first, after, models)).toBe(
    "Changed: the model, from Model A to Model B; no map; outlines: Sample; z. Undo takes it back.",
  );
});

it("names a map by its name, and no outline as none", () => {
  const { view } = first;
  const outlines = { ...view.outlines, sample: false, graders: false };
  expect(whatChanged(first, { ...first, view: { ...view, layer: "mean", outlines } }, models)).toBe(
    "Changed: the map: Mean; outlines: none. Undo takes it back.",
  );
});
