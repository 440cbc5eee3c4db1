/** How far an arrow key moves an enlarged picture, in CSS pixels; with shift four times as far. */
const STEP_PX = 24;

/** The way of an arrow key, (x, y) with y downwards. */
export const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What an arrow key moves the view over a picture by, in CSS pixels; null for another key. */
export function arrowOf(event: { readonly key: string; readonly shiftKey: boolean }): [number, number] | null {
  const way = ARROWS[event.key];
  const step = (event.shiftKey ? 4 : 1) * STEP_PX;
  return way ? [way[0] * step, way[1] * step] : null;
}
