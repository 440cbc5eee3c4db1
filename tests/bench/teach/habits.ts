import { areaPx, type Mask } from "../../../src/core/values/slice.ts";

/** A case's graders, empty masks of those who drew nothing among them. */
export type Graders = readonly Mask[];

/** What other readers would have made of the same cases, by a stated rule. */
export const HABITS: Readonly<Record<string, (cases: readonly Graders[]) => Graders[]>> = {
  unchanged: (cases) => [...cases],
  /** Every mask loses its outermost pixels (those with one of four neighbours outside); one that would vanish stays. */
  eroded: (cases) => cases.map((graders) => graders.map(eroded)),
  /** The slot with the largest area is taken away (the first of several): three graders are left. */
  strict: (cases) => cases.map(withoutLargest),
  /** Of all masks that are not empty, the third with the smallest areas is emptied (of equal ones the first). */
  faint: (cases) => withoutSmallest(cases),
};

/** Habits whose packs have a reader less in every case. */
export const FEWER: ReadonlySet<string> = new Set(["strict"]);

function eroded(mask: Mask): Mask {
  const { width, height, bits } = mask;
  const at = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height ? (bits[y * width + x] as number) : 0;
  const found = bits.map((bit, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return bit & at(x - 1, y) & at(x + 1, y) & at(x, y - 1) & at(x, y + 1);
  });
  return found.includes(1) ? { width, height, bits: found } : mask;
}

function withoutLargest(graders: Graders): Graders {
  const areas = graders.map(areaPx);
  const largest = areas.indexOf(Math.max(...areas));
  return graders.filter((_, g) => g !== largest);
}

function withoutSmallest(cases: readonly Graders[]): Graders[] {
  const drawn = cases.flatMap((graders, c) =>
    graders.map((mask, g) => ({ c, g, area: areaPx(mask) })).filter(({ area }) => area > 0),
  );
  const small = drawn.sort((a, b) => a.area - b.area).slice(0, Math.floor(drawn.length / 3));
  const gone = new Set(small.map(({ c, g }) => `${c} ${g}`));
  return cases.map((graders, c) =>
    graders.map((mask, g) => (gone.has(`${c} ${g}`) ? { ...mask, bits: new Uint8Array(mask.bits.length) } : mask)),
  );
}
