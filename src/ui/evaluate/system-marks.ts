/** Colours of the systems (Okabe and Ito 2008, on dark), which people with colour-blindness can tell apart. */
const COLOURS = ["#56b4e9", "#e69f00", "#2cc48f", "#e08bbf", "#f0e442", "#e8643c", "#d9e0e7", "#8f8cf0"] as const;

/** Beside the colour each system has a shape, within ±1, and a dash: eight can be told apart without colour. */
const SHAPES = [
  "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
  "M-.88-.88H.88V.88H-.88Z",
  "M0-1.15L1.1 .8H-1.1Z",
  "M0-1.25L1.1 0L0 1.25L-1.1 0Z",
  "M-.35-1.1H.35V-.35H1.1V.35H.35V1.1H-.35V.35H-1.1V-.35H-.35Z",
  "M0 1.15L-1.1-.8H1.1Z",
  "M-.55-1.05L0-.5L.55-1.05L1.05-.55L.5 0L1.05 .55L.55 1.05L0 .5L-.55 1.05L-1.05 .55L-.5 0L-1.05-.55Z",
  "M-1.2-.35H1.2V.35H-1.2Z",
] as const;

/** In the units of the chart; the first is whole. */
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 4", "7 3 2 3 2 3", "3 7"] as const;

export interface SystemMark {
  readonly colour: string;
  /** An SVG path round the origin, of radius 1. */
  readonly shape: string;
  /** An SVG `stroke-dasharray`. */
  readonly dash: string;
}

/** By the system's place in the menu of models, so that it keeps its mark whoever else is chosen. */
export function systemMark(place: number): SystemMark {
  const at = Math.max(0, place);
  const of = <T>(list: readonly T[]) => list[at % list.length] as T;
  return { colour: of(COLOURS), shape: of(SHAPES), dash: of(DASHES) };
}
