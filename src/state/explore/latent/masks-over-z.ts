/** Little masks over the latent space: plain values, so that the shape of the page may hold them. */

/** The plane's little masks, [side × side] from top left; null where not yet decoded. */
export interface Plane {
  readonly side: number;
  /** P(lesion) [size × size] of a box of the region, shrunk. */
  readonly cells: readonly (Uint8Array | null)[];
  readonly cellSize: number;
  readonly done: number;
}

/** The little masks at −2σ and +2σ of a direction, the rest at the prior mean; [CELL, CELL] bytes, 255 = 1. */
export interface Ends {
  readonly minus: Uint8Array;
  readonly plus: Uint8Array;
  /** 1 − IoU between the two masks on this case. */
  readonly effect: number;
}

/** A mode of a case: a unit vector in σ of the prior, with what it does. */
export interface Mode extends Ends {
  readonly vector: Float32Array;
}
