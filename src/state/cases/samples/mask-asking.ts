import type { Text } from "../../../core/language/say.ts";
/** What masks that were opened without a slice are: graders' marks on the slice on the screen, or a slice of its own, … */
export type MaskMeaning = "graders" | "slice" | "samples";

/** The question what they are. */
export interface MaskAsking {
  /** The file, or how many there are. */
  readonly file: Text;
  /** What they can be here. */
  readonly meanings: readonly MaskMeaning[];
  /** How many samples they would be, and what their method may be called. */
  readonly samples: { readonly count: number; readonly method: string } | null;
}

/** The question what the regions of an RTSTRUCT are. */
export interface RegionsAsking {
  readonly file: Text;
  /** What they are called. */
  readonly regions: readonly string[];
}
