/** Numbers from a seed, for mutation alone: mulberry32. */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const EXTREMES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const TEXTS = [
  "<img src=x onerror=alert(1)>",
  "\0\0\0\0",
  "-1",
  "1e308",
  "NaN",
  "Infinity",
  "../../",
  "\\\\\\\\",
  "%s%n",
  "𝒳",
  "]]>",
];

/** One damaged copy of `seed`; which damage, and where, comes from the dice alone. */
export function mutate(seed: Uint8Array, other: Uint8Array, roll: (below: number) => number): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(seed);
  for (let times = 1 + roll(3); times > 0; times--) bytes = once(bytes, other, roll);
  return bytes;
}

function once(bytes: Uint8Array, other: Uint8Array, roll: (below: number) => number): Uint8Array {
  if (bytes.length === 0) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Headers are where declared sizes are: half of all damage goes to the first bytes.
  const at = roll(2) === 0 ? roll(Math.min(bytes.length, 600)) : roll(bytes.length);
  const length = 1 + roll(Math.min(64, bytes.length - at));
  switch (roll(10)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      for (let i = 0; i < 1 + roll(16); i++)
        bytes[roll(bytes.length)] = (bytes[roll(bytes.length)] as number) ^ (1 << roll(8));
      return bytes;
    case 2:
    case 3:
      if (at + 2 <= bytes.length) view.setUint16(at, EXTREMES[roll(9)] as number, roll(2) === 0);
      return bytes;
    case 4:
    case 5:
      if (at + 4 <= bytes.length) view.setUint32(at, EXTREMES[roll(EXTREMES.length)] as number, roll(2) === 0);
      return bytes;
    case 6:
      return joined(bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at));
    case 7:
      return joined(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + length)));
    case 8:
      return roll(4) === 0
        ? joined(bytes.subarray(0, at), other.subarray(roll(other.length)))
        : joined(bytes.subarray(0, at), new TextEncoder().encode(TEXTS[roll(TEXTS.length)]), bytes.subarray(at));
    default:
      // NaN, Inf and other float patterns, or noise.
      if (roll(2) === 0 && at + 8 <= bytes.length)
        view.setFloat64(at, [Number.NaN, Number.POSITIVE_INFINITY, -1e308, 5e-324][roll(4)] as number, roll(2) === 0);
      else for (let i = at; i < at + length; i++) bytes[i] = roll(256);
      return bytes;
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
