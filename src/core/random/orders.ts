import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import { normalQuantile } from "./portable-math.ts";
import { mixed, normals, uniforms } from "./random.ts";
import { SOBOL_DIMENSIONS, sobol } from "./sobol.ts";

/**
 * How the draws of one case belong together. Whichever it is, each draw alone has the same law, and depends on (seed,
 * draw number, i) alone. `iid`: not at all. `antithetic`: sample 2j + 1 (from 0) has the normals of sample 2j with the
 * opposite sign (Hammersley & Morton, Proc. Camb. Phil. Soc. 52, 1956). `sobol`: the normals are a scrambled Sobol
 * sequence through Φ⁻¹, so that the first n cover the prior evenly, whatever n is.
 */
export type SampleOrder = "iid" | "antithetic" | "sobol";

export const SAMPLE_ORDERS: readonly SampleOrder[] = ["iid", "antithetic", "sobol"];

/** Names the keys of the scrambling among a row's streams: those of draws start with the draw's number. */
const OF_SCRAMBLING = -3;

/** The part of chance that `normalsOf` gives: its stream, and its first coordinate in a Sobol sequence. */
export interface ChancePart {
  readonly stream: number;
  /** Null: too many numbers for a sequence, so that they stay as they are drawn. */
  readonly coordinate: number | null;
  readonly count: number;
}

/** Standard normals of one part of sample `n` (from 0) of a row, in an order. @throws BadArgument: a seed that is no whole number */
export function normalsOf(order: SampleOrder, seed: number, row: number, n: number, part: ChancePart): Float32Array {
  const { stream, coordinate, count } = part;
  if (order === "antithetic") {
    const first = normals(seed, [row, n - (n % 2), stream], count);
    return n % 2 === 1 ? first.map((value) => 0 - value) : first;
  }
  if (order === "iid" || coordinate === null) return normals(seed, [row, n, stream], count);
  return sobolNormals(seed, row, n, coordinate, count);
}

function sobolNormals(seed: number, row: number, n: number, first: number, count: number): Float32Array {
  if (first + count > SOBOL_DIMENSIONS) {
    const problem = say`a Sobol order has ${SOBOL_DIMENSIONS} coordinates, and this model draws ${first + count} numbers`;
    throw new GraderspaceError("BadArgument", { problem, remedy: say`take the order iid or antithetic` });
  }
  const keys = uniforms(seed, [row, OF_SCRAMBLING], first + count);
  return Float32Array.from({ length: count }, (_, i) => {
    const key = Math.floor((keys[first + i] as number) * 2 ** 32);
    return normalQuantile((scrambled(sobol(n, first + i), key) + 0.5) * 2 ** -32);
  });
}

/**
 * Owen's nested uniform scrambling (J. Complexity 14, 1998) of 32 bits: each bit is flipped or not by a coin of its own
 * for each value of the bits before it. The coins are a hash of the key and those bits, so that no table is kept.
 */
function scrambled(point: number, key: number): number {
  let found = 0;
  for (let bit = 0; bit < 32; bit++) {
    const before = bit === 0 ? 1 : (point >>> (32 - bit)) | (1 << bit); // the bits before it, under a leading 1
    const coin = mixed(mixed(before ^ key) + key) >>> 31;
    found = (found << 1) | (((point >>> (31 - bit)) & 1) ^ coin);
  }
  return found >>> 0;
}
