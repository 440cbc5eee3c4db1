/** Colours of the systems (Okabe and Ito 2008, on dark), which people with colour-blindness can tell apart. */
const COLOURS = ["#56b4e9", "#e69f00", "#2cc48f", "#e08bbf", "#f0e442"] as const;

/** Beside the colour each system has a shape, within ±1. */
const SHAPES = [
  "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
  "M-.88-.88H.88V.88H-.88Z",
  "M0-1.15L1.1 .8H-1.1Z",
  "M0-1.25L1.1 0L0 1.25L-1.1 0Z",
  "M-.35-1.1H.35V-.35H1.1V.35H.35V1.1H-.35V.35H-1.1V-.35H-.35Z",
] as const;

export interface SystemMark {
  readonly colour: string;
  /** An SVG path round the origin, of radius 1. */
  readonly shape: string;
}

/** By the system's place in the menu of models, so that it keeps its mark whoever else is chosen. */
export function systemMark(place: number): SystemMark {
  const at = Math.max(0, place);
  return { colour: COLOURS[at % COLOURS.length] ?? COLOURS[0], shape: SHAPES[at % SHAPES.length] ?? SHAPES[0] };
}
