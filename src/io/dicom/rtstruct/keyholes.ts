/** A closed line [x1, y1, x2, y2, …] along the pixels' edges, as `outlineOf` gives it. */
type Loop = readonly number[];

/**
 * Outlines with their holes as one line each: from a hole's upper left corner a channel without width leads left to the
 * line around it, there and back (PS3.3 C.8.8.6.3). Even–odd, such a line encloses what the loops enclosed.
 * @param loops clockwise on the screen around a part, the other way round around a hole; edges horizontal or vertical
 */
export function withKeyholes(loops: readonly ArrayLike<number>[]): number[][] {
  const all = loops.map((loop) => Array.from(loop));
  const lines = all.filter((loop) => turn(loop) > 0);
  const holes = all.filter((loop) => turn(loop) < 0).map(fromUpperLeft);
  // From left to right: what a channel meets is a part, or a hole that has a channel already.
  for (const hole of holes.sort((a, b) => at(a, 0)[0] - at(b, 0)[0])) {
    const start = at(hole, 0);
    const { line, after, x } = metBy(lines, start);
    const [ax, ay] = at(line, after);
    const meets = [x, start[1]];
    const before = ax === x && ay === start[1] ? [] : meets;
    line.splice(2 * after + 2, 0, ...before, ...hole, ...start, ...meets);
  }
  return lines;
}

/** Twice the area inside; below 0 around a hole. */
function turn(loop: Loop): number {
  let sum = 0;
  for (let i = 0; i < loop.length / 2; i++) {
    const [[x0, y0], [x1, y1]] = [at(loop, i), at(loop, i + 1)];
    sum += x0 * y1 - x1 * y0;
  }
  return sum;
}

/** The same loop, begun at its leftmost corner, of several the uppermost. */
function fromUpperLeft(loop: Loop): number[] {
  const corners = Array.from({ length: loop.length / 2 }, (_, i) => i);
  const first = corners.reduce((best, i) => {
    const [[bx, by], [x, y]] = [at(loop, best), at(loop, i)];
    return x < bx || (x === bx && y < by) ? i : best;
  });
  return [...loop.slice(2 * first), ...loop.slice(0, 2 * first)];
}

/** The nearest vertical edge to the left of a point, ends included, and the last corner up to where it is met. */
function metBy(lines: readonly number[][], [fromX, y]: readonly [number, number]) {
  let met: { readonly line: number[]; readonly after: number; readonly x: number } | null = null;
  for (const line of lines) {
    for (let i = 0; i < line.length / 2; i++) {
      const [[x0, y0], [x1, y1]] = [at(line, i), at(line, i + 1)];
      const passes = x0 === x1 && x0 < fromX && Math.min(y0, y1) <= y && y <= Math.max(y0, y1);
      const after = y1 === y ? (i + 1) % (line.length / 2) : i;
      if (passes && x0 > (met?.x ?? Number.NEGATIVE_INFINITY)) met = { line, after, x: x0 };
    }
  }
  if (!met) throw new RangeError("a hole lies in no part");
  return met;
}

function at(loop: Loop, corner: number): readonly [number, number] {
  const i = (2 * corner) % loop.length;
  return [loop[i] as number, loop[i + 1] as number];
}
