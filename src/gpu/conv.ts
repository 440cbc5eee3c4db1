/** A convolution over pictures [B, H, W, inputs] with a filter [side, side, inputs, outputs], zeros around, stride 1. */
export interface ConvShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly side: 1 | 3;
  readonly bias: boolean;
  /** Whether a picture like the result is added, before the ReLU. */
  readonly sum: boolean;
  readonly relu: boolean;
}

/** A WGSL program for such a convolution, and how it wants its numbers. */
export interface ConvProgram {
  /** Tells programs apart: pictures' shapes are uniforms, and one program serves many. */
  readonly key: string;
  /** Names the storage arrays `x` (of f32, or of vec4<f32> where `inputTile` is 4), and `w`, `b`, `onto`, `result` of vec4<f32>. */
  readonly code: string;
  readonly inputTile: 1 | 4;
  readonly threads: number;
  /** For so many pictures of this size. */
  workgroups(batch: number, height: number, width: number): number;
}

const THREADS = 64;
/** Pixels of a row that one thread sums, side by side. */
const PIXELS = 4;

/** Outputs are written four at a time. */
export function convProgramFits({ outputs }: Pick<ConvShape, "outputs">): boolean {
  return outputs % 4 === 0;
}

/**
 * out[y, x, o] = max(0, bias[o] + onto[y, x, o] + Σ_{ky,kx,c} in[y + ky − half, x + kx − half, c] · w[ky, kx, c, o]), each of the others where asked.
 * A thread has four pixels of a row and eight outputs (four where their number is no multiple of eight) in registers: of a
 * row of the picture six vectors and of the filter 24 serve 96 products of vectors. No shared memory and no barrier, which
 * small pictures on a large GPU gain nothing by and a software driver pays for dearly.
 *
 * The host gives `uniforms.xShape` and `uniforms.outShape` (vec4<i32>), as tfjs does, and calls `main` with the number
 * of the thread among all.
 */
export function convProgram({ inputs, outputs, side, bias, sum: onto, relu }: ConvShape): ConvProgram {
  const inputTile = inputs % 4 === 0 ? 4 : 1;
  const vectors = outputs % 8 === 0 ? 2 : 1;
  const half = (side - 1) / 2;
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const [pixels, quads, columns, seen] = [range(PIXELS), range(vectors), range(side), range(PIXELS + side - 1)];
  const ofInputs = inputTile === 4 ? "vec4<f32>" : "f32";
  const input = (column: number, c: number) => (inputTile === 4 ? `p${column}[${c}]` : `p${column}`);
  const products = columns.flatMap((kx) =>
    range(inputTile).flatMap((c) => [
      ...quads.map((q) => `let w${kx}_${c}_${q} = w[at + ${kx} * plane + ${c} * outputs + ${q}];`),
      ...pixels.flatMap((p) => quads.map((q) => `s${p}_${q} += ${input(p + kx, c)} * w${kx}_${c}_${q};`)),
    ]),
  );
  const store = (p: number, q: number) => {
    const at = `to + ${p} * outputs + ${q}`;
    const sum = `s${p}_${q}${bias ? ` + b[o + ${q}]` : ""}${onto ? ` + onto[${at}]` : ""}`;
    return `result[${at}] = ${relu ? `max(${sum}, vec4<f32>(0))` : sum};`;
  };
  const code = `
fn main(index: i32) {
  let height = uniforms.xShape.y;
  let width = uniforms.xShape.z;
  let inputs = uniforms.xShape.w / ${inputTile};
  let outputs = uniforms.outShape.w / 4;
  let groups = outputs / ${vectors};
  let across = (width + ${PIXELS - 1}) / ${PIXELS};
  let o = index % groups * ${vectors};
  let left = index / groups % across * ${PIXELS};
  let row = index / groups / across; // of all pictures, one below the other
  if (row >= uniforms.xShape.x * height) { return; }
  let plane = uniforms.xShape.w * outputs; // vectors of the filter from column to column
  ${pixels.flatMap((p) => quads.map((q) => `var s${p}_${q} = vec4<f32>(0);`)).join("\n  ")}
  for (var ky = 0; ky < ${side}; ky = ky + 1) {
    let line = row % height + ky - ${half};
    if (line < 0 || line >= height) { continue; }
    let source = ((row + ky - ${half}) * width + left - ${half}) * inputs;
    var at = ky * ${side} * plane + o;
    for (var c = 0; c < inputs; c = c + 1) {
      ${seen.map((i) => `var p${i} = ${ofInputs}(0); if (left + ${i - half} >= 0 && left + ${i - half} < width) { p${i} = x[source + ${i} * inputs + c]; }`).join("\n      ")}
      ${products.join("\n      ")}
      at = at + ${inputTile} * outputs;
    }
  }
  let to = (row * width + left) * outputs + o;
  ${pixels.map((p) => `if (left + ${p} < width) { ${quads.map((q) => store(p, q)).join(" ")} }`).join("\n  ")}
}
`;
  return {
    key: `conv ${side} ${inputTile} ${vectors} ${bias} ${onto} ${relu}`,
    code,
    inputTile,
    threads: THREADS,
    workgroups: (batch, height, width) =>
      Math.ceil((batch * height * Math.ceil(width / PIXELS) * (outputs / 4 / vectors)) / THREADS),
  };
}
