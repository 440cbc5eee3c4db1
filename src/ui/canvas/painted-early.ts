const painted = new WeakSet<HTMLCanvasElement>();

/** The canvas shows what React will paint on it first (paint-explorer.ts). */
export function markPaintedEarly(canvas: HTMLCanvasElement): void {
  painted.add(canvas);
}

/** Whether it does, once: whatever is painted later is painted. */
export function takePaintedEarly(canvas: HTMLCanvasElement): boolean {
  return painted.delete(canvas);
}
