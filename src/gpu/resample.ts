/** A WGSL program over vectors of four channels: a thread writes one of the result. */
interface ResampleProgram {
  /** Tells programs apart: shapes are uniforms, and one program serves many. */
  readonly key: string;
  /** Names the storage arrays `x` and `result` of vec4<f32>. */
  readonly code: string;
  readonly threads: number;
  /** For a result of so many numbers. */
  workgroups(numbers: number): number;
}

const THREADS = 64;
/** Bounds of a thread's work, and where it is: picture, row, column and vector of the result. */
const PLACE = `
  let size = uniforms.outShape;
  let vectors = size.w / 4;
  if (index >= size.x * size.y * size.z * vectors) { return; }
  let c = index % vectors;
  let column = index / vectors % size.z;
  let row = index / vectors / size.z % size.y;
  let picture = index / vectors / size.z / size.y;
  let width = uniforms.xShape.z;
`;

function programOf(key: string, body: string): ResampleProgram {
  const code = `fn main(index: i32) {${PLACE}${body}}`;
  return { key, code, threads: THREADS, workgroups: (numbers) => Math.ceil(numbers / 4 / THREADS) };
}

/** Channels are read and written four at a time. */
export function resampleFits(channels: number): boolean {
  return channels % 4 === 0;
}

/**
 * [B, 2h, 2w, C] → [B, h, w, C]: the mean of each 2×2. The host gives `uniforms.xShape` and `uniforms.outShape`
 * (vec4<i32>), as tfjs does, and calls `main` with the number of the thread among all.
 */
export function halveProgram(): ResampleProgram {
  return programOf(
    "halve",
    `
  let at = ((picture * uniforms.xShape.y + 2 * row) * width + 2 * column) * vectors + c;
  let below = at + width * vectors;
  result[index] = 0.25 * ((x[at] + x[at + vectors]) + (x[below] + x[below + vectors]));
`,
  );
}

/**
 * [B, h, w, C] → [B, 2h, 2w, C], bilinear: corners on corners (column · (w − 1) / (2w − 1)), or else pixels half as
 * large ((column + ½) / 2 − ½, held at the border). Hosts as `halveProgram`'s.
 */
export function doubleProgram({ aligned }: { readonly aligned: boolean }): ResampleProgram {
  const place = (at: string, from: string, to: string) =>
    aligned ? `f32(${at}) * f32(${from} - 1) / f32(max(1, ${to} - 1))` : `max(0.0, 0.5 * f32(${at}) - 0.25)`;
  return programOf(
    `double ${aligned}`,
    `
  let height = uniforms.xShape.y;
  let across = ${place("column", "width", "size.z")};
  let down = ${place("row", "height", "size.y")};
  let left = min(i32(across), width - 1);
  let upper = min(i32(down), height - 1);
  let right = min(left + 1, width - 1);
  let lower = min(upper + 1, height - 1);
  let over = (picture * height + upper) * width;
  let under = (picture * height + lower) * width;
  let share = across - f32(left);
  let top = mix(x[(over + left) * vectors + c], x[(over + right) * vectors + c], share);
  let bottom = mix(x[(under + left) * vectors + c], x[(under + right) * vectors + c], share);
  result[index] = mix(top, bottom, down - f32(upper));
`,
  );
}
