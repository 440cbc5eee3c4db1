import { say, type Text } from "../../core/language/say.ts";
import type { ConceptId } from "./concepts.ts";

/** What an "i" says of a number, or of a group of controls. */
export interface Definition {
  readonly name: Text;
  /** One sentence. */
  readonly what: Text;
  readonly formula?: Text;
  /** Whether its mean is off for a finite n. */
  readonly biased?: Text;
  /** The least that it can be. */
  readonly floor?: Text;
  /** Where it is computed. */
  readonly where?: Text;
  readonly concept?: ConceptId;
  /** What its parts are, by their names on the page. */
  readonly parts?: readonly (readonly [Text, Text])[];
}

/** What stands beside an "i", by what it is about: the first paint needs no more of the definitions than this. */
export const NAMES = {
  ged2: "GED²",
  "hm-iou": "HM-IoU",
  diversity: say`Diversity`,
  nestedness: say`Nestedness`,
  areas: say`Areas of the samples`,
  presence: say`How many would draw it`,
  kl: say`The table of graders`,
  layers: say`Layers and outlines`,
  slice: say`Slice`,
  "mask-map": say`The map of masks`,
  "shape-modes": say`Modes of the shapes`,
  plane: say`The latent plane`,
  sliders: say`Sliders of z`,
  moves: say`What sets z`,
  samples: say`Samples`,
} as const;

export type DefinitionId = keyof typeof NAMES;

/** What an "i" is asked about. */
export interface AskedAbout {
  /** One of the explorer's, or one of another view's own. */
  readonly about: DefinitionId | Definition;
  /** The system whose figure it is, where several stand side by side. */
  readonly whose?: string;
  /** The figure as it stands there, and of how many; where there is one, it can be copied. */
  readonly value?: string;
  readonly n?: string;
  /** Its floor on this very case, where that can be told. */
  readonly floor?: string;
}
