import { say, type Text } from "../language/say.ts";
import { emptyMask, type Grader, type Mask, type Slice } from "../values/slice.ts";
import { type Field, fieldOf, interpolate, smoothNoise } from "./field.ts";
import type { Nodule } from "./nodule.ts";

/** How a simulated grader outlines, whatever the nodule. Fixed before any model was looked at. */
export interface Habit {
  /** As files have it. */
  readonly name: string;
  readonly title: Text;
  readonly summary: Text;
  /** The outline runs where the tissue's opacity falls to this share. */
  readonly level: number;
  /** Counts ground glass as lesion. */
  readonly glass: boolean;
  /** Goes into the chest wall up to this share of wall. */
  readonly wall: number;
  /** Overlooks nodules less conspicuous than this. */
  readonly faintest: number;
  /** Standard deviation of the unsteady hand, px. */
  readonly unsteadyPx: number;
}

export const HABITS: readonly Habit[] = [
  {
    name: "Tight",
    title: say`Tight`,
    summary: say`keeps well inside the edge`,
    level: 0.7,
    glass: true,
    wall: 0.35,
    faintest: 0,
    unsteadyPx: 0.35,
  },
  {
    name: "Generous",
    title: say`Generous`,
    summary: say`takes in the whole blurred edge and the roots of spicules`,
    level: 0.25,
    glass: true,
    wall: 0.75,
    faintest: 0,
    unsteadyPx: 0.5,
  },
  {
    name: "Solid part only",
    title: say`Solid part only`,
    summary: say`ignores the ground-glass rim`,
    level: 0.5,
    glass: false,
    wall: 0.5,
    faintest: 0,
    unsteadyPx: 0.4,
  },
  {
    name: "Misses faint ones",
    title: say`Misses faint ones`,
    summary: say`draws at half the edge, and overlooks what is faint or small`,
    level: 0.45,
    glass: true,
    wall: 0.5,
    faintest: 5.5,
    unsteadyPx: 0.45,
  },
];

/** The hand's wavering is correlated over this many pixels. */
const HAND_PX = 4;
const STREAM_HAND = 21;

/** Each habit's outline of the nodule in the geometry of the slice; null where that grader draws nothing. */
export function gradeNodule(slice: Slice, nodule: Nodule, habits: readonly Habit[] = HABITS): Grader[] {
  return habits.map((habit, k) => ({
    name: habit.name,
    mask: conspicuity(nodule) < habit.faintest ? null : outline(slice, nodule, habit, k),
  }));
}

/**
 * How much the nodule stands out, in Rose's sense: mean contrast, in shares of air filled, times the root of its area
 * in pixels. A solid nodule of 9 mm here has about 10, a part-solid one 6, ground glass and tiny ones less than 5.
 */
export function conspicuity(nodule: Nodule): number {
  const fill = nodule.recipe.glass?.fill ?? 0;
  const contrast = nodule.solid.values.map((share, i) => Math.max(share, fill * (nodule.glass.values[i] as number)));
  const half = contrast.reduce((a, b) => Math.max(a, b), 0) / 2;
  const seen = contrast.filter((value) => value > Math.min(half, 0.15));
  return seen.length === 0 ? 0 : seen.reduce((a, b) => a + b, 0) / Math.sqrt(seen.length);
}

function outline(slice: Slice, nodule: Nodule, habit: Habit, hand: number): Mask | null {
  const size = nodule.solid.width;
  const { seed } = nodule.recipe;
  const right = smoothNoise(size, size, HAND_PX, seed, [STREAM_HAND, hand, 0]);
  const down = smoothNoise(size, size, HAND_PX, seed, [STREAM_HAND, hand, 1]);
  const counted = fieldOf(size, size, (x, y) => {
    const at = y * size + x;
    if ((nodule.wall.values[at] as number) > habit.wall) return 0;
    const px = x + habit.unsteadyPx * (right.values[at] as number);
    const py = y + habit.unsteadyPx * (down.values[at] as number);
    const solid = interpolate(nodule.solid, px, py);
    const tissue = habit.glass ? Math.max(solid, interpolate(nodule.glass, px, py)) : solid;
    return tissue > habit.level ? 1 : 0;
  });
  const one = fillHoles(largestPart(counted));
  const mask = emptyMask(slice.width, slice.height);
  let area = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const sx = nodule.origin[0] + x;
      const sy = nodule.origin[1] + y;
      if (one.values[y * size + x] !== 1 || sx < 0 || sy < 0 || sx >= slice.width || sy >= slice.height) continue;
      mask.bits[sy * slice.width + sx] = 1;
      area++;
    }
  }
  return area === 0 ? null : mask;
}

/** Labels 4-connected parts of equal value; part[i] and each part's pixels in order of discovery. */
function parts(field: Field, value: number): number[][] {
  const { width, height, values } = field;
  const seen = new Uint8Array(width * height);
  const found: number[][] = [];
  for (let start = 0; start < values.length; start++) {
    if (seen[start] || values[start] !== value) continue;
    seen[start] = 1;
    const part = [start];
    for (let next = 0; next < part.length; next++) {
      const at = part[next] as number;
      const x = at % width;
      const around = [x > 0 ? at - 1 : -1, x + 1 < width ? at + 1 : -1, at - width, at + width];
      for (const beside of around) {
        if (beside < 0 || beside >= width * height || seen[beside] || values[beside] !== value) continue;
        seen[beside] = 1;
        part.push(beside);
      }
    }
    found.push(part);
  }
  return found;
}

function largestPart(field: Field): Field {
  const values = new Float32Array(field.values.length);
  const largest = parts(field, 1).sort((a, b) => b.length - a.length)[0] ?? [];
  for (const at of largest) values[at] = 1;
  return { ...field, values };
}

/** Nobody leaves a hole: every background part but the one at the first corner is filled. */
function fillHoles(field: Field): Field {
  const values = Float32Array.from(field.values);
  for (const part of parts(field, 0)) {
    if (part[0] !== 0) for (const at of part) values[at] = 1;
  }
  return { ...field, values };
}
