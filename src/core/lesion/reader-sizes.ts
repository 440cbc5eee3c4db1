import { areaPx, type Mask } from "../values/slice.ts";
import { axesOf } from "./axes.ts";
import { type PixelSpacing, slabMm3 } from "./volume.ts";

/** What one reader makes of a lesion; all 0 where nothing was drawn. */
export interface LesionSize {
  readonly volumeMm3: number;
  /** The longest long axis of any slice, mm, and the short axis on that slice. */
  readonly longMm: number;
  readonly shortMm: number;
  /** Slices on which something was drawn. */
  readonly slices: number;
}

const NOTHING: LesionSize = { volumeMm3: 0, longMm: 0, shortMm: 0, slices: 0 };

/** The sizes of several readers' masks, slice by slice: no mask is kept. */
export class ReaderSizes {
  readonly #spacing: PixelSpacing;
  #sizes: LesionSize[];

  constructor(readers: number, spacing: PixelSpacing) {
    this.#spacing = spacing;
    this.#sizes = new Array<LesionSize>(readers).fill(NOTHING);
  }

  /** One mask per reader, and the length along the normal that the slice stands for. */
  add(masks: readonly Mask[], thicknessMm: number): void {
    this.#sizes = this.#sizes.map((size, reader) => {
      const mask = masks[reader] as Mask;
      const axes = axesOf(mask, this.#spacing);
      if (axes === null) return size;
      const { longMm, shortMm } = axes.longMm > size.longMm ? axes : size;
      const volumeMm3 = size.volumeMm3 + slabMm3(areaPx(mask), this.#spacing, thicknessMm);
      return { volumeMm3, longMm, shortMm, slices: size.slices + 1 };
    });
  }

  sizes(): readonly LesionSize[] {
    return this.#sizes;
  }
}
