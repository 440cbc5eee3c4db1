import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import { normalQuantile } from "./portable-math.ts";

interface Generator {
  next(): number;
}

/** Murmur3's finaliser: every bit of the input reaches every bit of the output. */
export function mixed(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/**
 * The four words from which a stream of a seed begins: xoroshiro128+'s two halves, the upper word of each first. Another
 * one for each (seed, stream): neighbouring seeds and rows share nothing. @throws BadArgument: a seed that is no whole number
 */
export function streamState(seed: number, stream: readonly number[]): number[] {
  const state = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667];
  for (const number of [stream.length, seed, ...stream]) {
    if (!Number.isSafeInteger(number)) {
      throw new GraderspaceError("BadArgument", {
        problem: say`a seed has to be a whole number, and ${number} is none`,
        remedy: say`give a seed such as 0 or 42`,
      });
    }
    for (const word of [number | 0, Math.floor(number / 2 ** 32) | 0]) {
      for (let i = 0; i < 4; i++) {
        state[i] = mixed(((state[i] as number) ^ word) + Math.imul(0x9e3779b9, i + 1)) ^ (state[(i + 3) % 4] as number);
      }
    }
  }
  const stuck = !state.some((word) => word !== 0); // the one state that xoroshiro never leaves
  return stuck ? [1, 0, 0, 0] : state;
}

function generator(seed: number, stream: readonly number[]): Generator {
  return xoroshiro128plusFromState(streamState(seed, stream));
}

/** The middle of one of 2⁵² equal parts of (0, 1): never 0, never 1. */
function nextUniform(source: Generator): number {
  const high = source.next() >>> 6; // 26 bits; the lowest bits of xoroshiro+ are its weak ones
  const low = source.next() >>> 6;
  return (high * 2 ** 26 + low + 0.5) * 2 ** -52;
}

/** `count` uniform numbers in (0, 1), the same on every platform. @throws BadArgument: a seed that is no whole number */
export function uniforms(seed: number, stream: readonly number[], count: number): Float64Array {
  const source = generator(seed, stream);
  return Float64Array.from({ length: count }, () => nextUniform(source));
}

/** 1 for each of `count` values that stays, 0 for one that is dropped with chance p: where the stream's uniform is below p. */
export function keptBySeed(seed: number, stream: readonly number[], count: number, p: number): Float32Array {
  const source = generator(seed, stream);
  const kept = new Float32Array(count);
  for (let i = 0; i < count; i++) kept[i] = nextUniform(source) >= p ? 1 : 0;
  return kept;
}

/**
 * `count` standard normals, the same bits on every platform and in every thread. `stream` names what they are for:
 * different streams of one seed are independent. @throws BadArgument: a seed that is no whole number
 */
export function normals(seed: number, stream: readonly number[], count: number): Float32Array {
  const source = generator(seed, stream);
  const found = new Float32Array(count);
  for (let i = 0; i < count; i++) found[i] = normalQuantile(nextUniform(source));
  return found;
}

/** A new array with the items in random order (Fisher–Yates). */
export function shuffle<T>(seed: number, stream: readonly number[], items: readonly T[]): T[] {
  const source = generator(seed, stream);
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const other = Math.floor(nextUniform(source) * (i + 1));
    [order[i], order[other]] = [order[other] as T, order[i] as T];
  }
  return order;
}
