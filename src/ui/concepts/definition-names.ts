import type { ConceptId } from "./concepts.ts";

/** What an "i" says of a number, or of a group of controls. */
export interface Definition {
  readonly name: string;
  /** One sentence. */
  readonly what: string;
  readonly formula?: string;
  /** Whether its mean is off for a finite n. */
  readonly biased?: string;
  /** The least that it can be. */
  readonly floor?: string;
  /** Where it is computed. */
  readonly where?: string;
  readonly concept?: ConceptId;
  /** What its parts are, by their names on the page. */
  readonly parts?: readonly (readonly [string, string])[];
}

/** What stands beside an "i", by what it is about: the first paint needs no more of the definitions than this. */
export const NAMES = {
  ged2: "GED²",
  "hm-iou": "HM-IoU",
  diversity: "Diversity",
  nestedness: "Nestedness",
  areas: "Areas of the samples",
  presence: "How many would draw it",
  kl: "The table of graders",
  layers: "Layers and outlines",
  slice: "Slice",
  "mask-map": "The map of masks",
  "shape-modes": "Modes of the shapes",
  plane: "The latent plane",
  sliders: "Sliders of z",
  moves: "What sets z",
  samples: "Samples",
} as const;

export type DefinitionId = keyof typeof NAMES;

/** What an "i" is asked about. */
export interface AskedAbout {
  /** One of the explorer's, or one of another view's own. */
  readonly about: DefinitionId | Definition;
  /** The figure as it stands there, and of how many; where there is one, it can be copied. */
  readonly value?: string;
  readonly n?: string;
  /** Its floor on this very case, where that can be told. */
  readonly floor?: string;
}
