import { normals, uniforms } from "../random/random.ts";
import type { Slice } from "../values/slice.ts";
import { blur, type Field, fieldOf } from "./field.ts";
import { wallIn } from "./wall.ts";

/** A lump with a wavy outline. Lengths in pixels, angles in radians. */
export interface Body {
  /** From the nodule's centre, [column, row]. */
  readonly offset: readonly [number, number];
  readonly radius: number;
  /** Long axis over short axis, and where the long axis points. */
  readonly elongation: number;
  readonly angle: number;
  /** Standard deviation of the outline about its ellipse, as a share of the radius. */
  readonly waviness: number;
  /** Scale of the logistic edge: 73 % opacity one scale inside the outline, 27 % one outside. */
  readonly edge: number;
  /** Opacity in the middle; below 1 where the nodule is thinner than the slice. */
  readonly peak: number;
}

export interface Spicules {
  readonly count: number;
  /** How far the longest reaches beyond the outline. */
  readonly length: number;
}

/** One simulated nodule. `seed` fixes its outline, texture and noise. */
export interface NoduleRecipe {
  readonly seed: number;
  /** Column and row in the slice. */
  readonly centre: readonly [number, number];
  /** Soft tissue, of `hu`. */
  readonly solid: (Body & { readonly hu: number }) | null;
  /** Ground glass: tissue in `fill` (0…1) of the room that was air. */
  readonly glass: (Body & { readonly fill: number }) | null;
  readonly spicules: Spicules | null;
}

/** How much of each pixel the nodule's two tissues take, [size, size] in [0, 1]: no noise, no lung. */
export interface Nodule {
  readonly recipe: NoduleRecipe;
  /** Column and row of the first pixel in the slice. */
  readonly origin: readonly [number, number];
  readonly solid: Field;
  readonly glass: Field;
  /** Chest wall and mediastinum around it. */
  readonly wall: Field;
}

/** Width and height in pixels of the patch in which a nodule lies, if nothing else is asked for. */
export const PATCH = 72;
const STREAM = { solid: 1, glass: 2, spicules: 3 };

/** Where the nodule's tissue lies in a slice, `patch` pixels around it. Only its chest wall is asked of the slice. */
export function shapeNodule(slice: Slice, recipe: NoduleRecipe, patch: number = PATCH): Nodule {
  const origin = [Math.round(recipe.centre[0]) - patch / 2, Math.round(recipe.centre[1]) - patch / 2] as const;
  const cx = recipe.centre[0] - origin[0];
  const cy = recipe.centre[1] - origin[1];
  const empty = fieldOf(patch, patch, () => 0);
  const glass = recipe.glass ? opacityOf(recipe.glass, cx, cy, recipe.seed, STREAM.glass, patch) : empty;
  const core = recipe.solid ? opacityOf(recipe.solid, cx, cy, recipe.seed, STREAM.solid, patch) : empty;
  const spikes = recipe.spicules && recipe.solid ? opacityOfSpicules(recipe, cx, cy, patch) : empty;
  const solid = fieldOf(patch, patch, (x, y) => {
    const at = y * patch + x;
    return 1 - (1 - (core.values[at] as number)) * (1 - (spikes.values[at] as number));
  });
  const wall = wallIn(slice, origin, patch);
  return { recipe, origin, solid: recipe.solid ? joinedToWall(solid, wall) : solid, glass, wall };
}

/**
 * The pleura climbs onto a nodule that touches it: tissue fills the corner between the two. A straight wall blurred is
 * .5 at its border and a corner is more, so what the blur lifts over .6 is corner.
 */
function joinedToWall(solid: Field, wall: Field): Field {
  const patch = solid.width;
  const union = fieldOf(patch, patch, (x, y) =>
    Math.max(solid.values[y * patch + x] as number, wall.values[y * patch + x] as number),
  );
  const corners = blur(union, 2.5);
  const nearWall = blur(wall, 2.5);
  const nearNodule = blur(solid, 2.5);
  return fieldOf(patch, patch, (x, y) => {
    const at = y * patch + x;
    const both = Math.min(1, 4 * Math.min(nearWall.values[at] as number, nearNodule.values[at] as number));
    const corner = both / (1 + Math.exp(-((corners.values[at] as number) - 0.62) / 0.05));
    return Math.max(solid.values[at] as number, corner);
  });
}

function opacityOf(body: Body, cx: number, cy: number, seed: number, stream: number, patch: number): Field {
  const radius = wavyRadius(body, seed, stream);
  return fieldOf(patch, patch, (x, y) => {
    const dx = x - cx - body.offset[0];
    const dy = y - cy - body.offset[1];
    const depth = radius(Math.atan2(dy, dx)) - Math.hypot(dx, dy);
    return body.peak / (1 + Math.exp(-depth / body.edge));
  });
}

/** The outline's distance from the centre in every direction: an ellipse times 1 + waves of 2 to 7 crests. */
function wavyRadius(body: Body, seed: number, stream: number): (angle: number) => number {
  const crests = [2, 3, 4, 5, 6, 7];
  const weights = crests.map((k) => 1 / k);
  // each wave is a cosine and a sine with normal amplitudes, so its variance is its weight²
  const scale = body.waviness / Math.hypot(...weights);
  const drawn = normals(seed, [stream], 2 * crests.length);
  const long = body.radius * Math.sqrt(body.elongation);
  const short = body.radius / Math.sqrt(body.elongation);
  return (angle) => {
    const turned = angle - body.angle;
    const ellipse = (long * short) / Math.hypot(short * Math.cos(turned), long * Math.sin(turned));
    let wave = 0;
    for (const [i, k] of crests.entries()) {
      const cosine = (drawn[2 * i] as number) * Math.cos(k * angle);
      const sine = (drawn[2 * i + 1] as number) * Math.sin(k * angle);
      wave += (weights[i] as number) * (cosine + sine);
    }
    return ellipse * Math.max(0.4, 1 + scale * wave);
  };
}

/** Bent strands that leave the body all round, few of them long, thinner and fainter towards their tips. */
function opacityOfSpicules(recipe: NoduleRecipe, cx: number, cy: number, patch: number): Field {
  const { count, length } = recipe.spicules as Spicules;
  const body = recipe.solid as Body;
  const radius = wavyRadius(body, recipe.seed, STREAM.solid);
  const drawn = uniforms(recipe.seed, [STREAM.spicules], 4 * count);
  const opacity = new Float32Array(patch * patch);
  for (let i = 0; i < count; i++) {
    const [turn, reach, bend, strength] = drawn.subarray(4 * i, 4 * i + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const angle = ((i + 1.2 * (turn - 0.5)) / count) * 2 * Math.PI;
    const from = 0.75 * radius(angle);
    const to = radius(angle) + length * (0.15 + 0.85 * reach * reach);
    for (let along = from; along <= to; along += 0.25) {
      const share = (along - from) / (to - from);
      const direction = angle + 0.7 * (bend - 0.5) * share * share;
      const x = cx + body.offset[0] + along * Math.cos(direction);
      const y = cy + body.offset[1] + along * Math.sin(direction);
      stamp(opacity, patch, x, y, 0.7 + 0.8 * (1 - share) ** 3, (0.35 + 0.5 * strength) * (1 - share) ** 0.7);
    }
  }
  return { width: patch, height: patch, values: opacity };
}

/** A soft dot of σ pixels, kept where it is more opaque than what is there. */
function stamp(opacity: Float32Array, patch: number, x: number, y: number, sigma: number, strength: number): void {
  const reach = Math.ceil(3 * sigma);
  for (let py = Math.max(0, Math.floor(y) - reach); py <= Math.min(patch - 1, Math.ceil(y) + reach); py++) {
    for (let px = Math.max(0, Math.floor(x) - reach); px <= Math.min(patch - 1, Math.ceil(x) + reach); px++) {
      const value = strength * Math.exp(-((px - x) ** 2 + (py - y) ** 2) / (2 * sigma * sigma));
      const at = py * patch + px;
      if (value > (opacity[at] as number)) opacity[at] = value;
    }
  }
}
