import type { Grader, Slice } from "../values/slice.ts";
import { gradeNodule } from "./graders.ts";
import { insertNodule } from "./insert.ts";
import { shapeNodule } from "./nodule.ts";
import type { Scanner } from "./scanner.ts";
import type { ExampleRecipe } from "./six-nodules.ts";

export interface SimulatedCase {
  readonly id: string;
  readonly title: string;
  readonly slice: Slice;
  readonly region: readonly [number, number];
  readonly graders: readonly Grader[];
}

/** A nodule in a real slice, and what the simulated graders draw of it. Same slice and recipe, same pixels. */
export function simulateCase(slice: Slice, scanner: Scanner, recipe: ExampleRecipe): SimulatedCase {
  const nodule = shapeNodule(slice, recipe.nodule);
  return {
    id: recipe.id,
    title: recipe.title,
    slice: insertNodule(slice, nodule, scanner),
    region: recipe.region,
    graders: gradeNodule(slice, nodule),
  };
}
