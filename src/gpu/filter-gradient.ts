/** A filter [side, side, inputs, outputs]: the pictures' shapes are uniforms. */
export interface FilterGradientShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly side: 1 | 3;
}

/** A WGSL program for the gradient of a filter, and how it wants its numbers. */
export interface FilterGradientProgram {
  /** Tells programs apart: shapes are uniforms, and one program serves many. */
  readonly key: string;
  /** Names the storage arrays `x`, `dy` (of f32, or of vec4<f32> where their tile is 4) and `result` (f32). */
  readonly code: string;
  readonly inputTile: 1 | 4;
  readonly outputTile: 1 | 4;
  readonly threads: number;
  readonly workgroups: number;
}

/** Threads that share the rows of all pictures. */
const THREADS = 32;

/**
 * dw[ky, kx, c, o] = Σ x[b, y + ky − half, x + kx − half, c] · dy[b, y, x, o], zeros around, stride 1. A workgroup has
 * one row of the filter and a tile of 4×4 channels (1 where their number is no multiple of four); its threads share
 * the pictures' rows, and each goes along its rows with the last three pixels in registers: two loads of four numbers
 * for 48 products. tfjs's own program has a thread a weight, which sums over all pixels and reads each number for one
 * product. At the end the threads' sums lie in shared memory and are added up: no atomics, the same numbers every time.
 *
 * The host gives `uniforms.xShape` and `uniforms.outShape` (vec4<i32>), as tfjs does, and calls `main` with the number
 * of the thread among all.
 */
export function filterGradientProgram({ inputs, outputs, side }: FilterGradientShape): FilterGradientProgram {
  const inputTile = inputs % 4 === 0 ? 4 : 1;
  const outputTile = outputs % 4 === 0 ? 4 : 1;
  const half = (side - 1) / 2;
  const sums = Array.from({ length: side * inputTile }, (_, i) => i);
  const columns = Array.from({ length: side }, (_, kx) => kx);
  const ofOutputs = outputTile === 4 ? "vec4<f32>" : "f32";
  const ofInputs = inputTile === 4 ? "vec4<f32>" : "f32";
  /** The c-th input of the pixel under column kx of the filter. */
  const pixel = (kx: number, c: number) => (inputTile === 4 ? `p${kx}[${c}]` : `p${kx}`);
  const code = `
var<workgroup> shares: array<array<${ofOutputs}, ${THREADS}>, ${sums.length}>;

fn main(index: i32) {
  let height = uniforms.xShape.y;
  let width = uniforms.xShape.z;
  let inputs = uniforms.xShape.w / ${inputTile};
  let outputs = uniforms.outShape.w / ${outputTile};
  let group = index / ${THREADS};
  let thread = index % ${THREADS};
  let o = group % outputs;
  let c = group / outputs % inputs;
  let ky = group / outputs / inputs;
  let here = ky < ${side}; // there are more workgroups than tiles where those are too many for one axis
  ${sums.map((i) => `var s${i} = ${ofOutputs}(0);`).join("\n  ")}
  let rows = select(0, uniforms.xShape.x * height, here);
  for (var row = thread; row < rows; row = row + ${THREADS}) {
    let line = row % height + ky - ${half};
    if (line < 0 || line >= height) { continue; }
    var source = (row + ky - ${half}) * width * inputs + c;
    var at = row * width * outputs + o;
    ${columns.map((kx) => `var p${kx} = ${ofInputs}(0);`).join("\n    ")}
    ${side === 3 ? "p2 = x[source];" : ""}
    for (var left = width; left > 0; left = left - 1) {
      let g = dy[at];
      at = at + outputs;
      ${side === 3 ? "p0 = p1; p1 = p2; source = source + inputs;" : ""}
      ${side === 3 ? `p2 = ${ofInputs}(0); if (left > 1) { p2 = x[source]; }` : "p0 = x[source]; source = source + inputs;"}
      ${columns.flatMap((kx) => Array.from({ length: inputTile }, (_, c) => `s${kx * inputTile + c} += ${pixel(kx, c)} * g;`)).join("\n      ")}
    }
  }
  ${sums.map((i) => `shares[${i}][thread] = s${i};`).join("\n  ")}
  workgroupBarrier();
  for (var i = thread; here && i < ${sums.length}; i = i + ${THREADS}) {
    var sum = ${ofOutputs}(0);
    for (var t = 0; t < ${THREADS}; t = t + 1) { sum += shares[i][t]; }
    let kx = i / ${inputTile};
    let input = c * ${inputTile} + i % ${inputTile};
    let to = ((ky * ${side} + kx) * uniforms.xShape.w + input) * uniforms.outShape.w + o * ${outputTile};
    ${outputTile === 4 ? "for (var k = 0; k < 4; k = k + 1) { result[to + k] = sum[k]; }" : "result[to] = sum;"}
  }
}
`;
  return {
    key: `filterGradient ${side} ${inputTile} ${outputTile}`,
    code,
    inputTile,
    outputTile,
    threads: THREADS,
    workgroups: (side * inputs * outputs) / (inputTile * outputTile),
  };
}
