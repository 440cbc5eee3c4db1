/** The page's order: what a newcomer meets at once, and what stands behind "More" in its panel. */

/** The panels that fold something away. */
export type Folding = "slice" | "region" | "latent" | "samples" | "figures";

export const FOLDING: readonly Folding[] = ["slice", "region", "latent", "samples", "figures"];

export interface Order {
  /** Panels whose "More" is open. */
  readonly open: ReadonlySet<Folding>;
  /** Whether z was dragged on the plane: then its handle asks no more. */
  readonly dragged: boolean;
  /** Whether the first visit's sentence was put away. */
  readonly greeted: boolean;
}

export const FIRST_ORDER: Order = { open: new Set(), dragged: false, greeted: false };
