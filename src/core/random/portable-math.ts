/**
 * log, exp and the normal quantile out of IEEE + − × ÷ √ alone. ECMAScript leaves the last bits of Math.log and Math.exp
 * to the engine, but fixes the five operations to the bit: so the same seed gives the same z in every browser and in Node.
 */

const { LN2, SQRT2 } = Math;
const bits = new DataView(new ArrayBuffer(8));

/** 2^k for whole k in −1022 … 1023, exactly. */
function powerOfTwo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** Natural logarithm of a normal x > 0, to about one unit in the last place. */
export function portableLog(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0); // [1, 2)
  if (mantissa > SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  // log m = 2 atanh s = 2 (s + s³/3 + s⁵/5 …), |s| ≤ 0.172: the term in s²³ is below 2⁻⁵³ of the first.
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series = 0;
  for (let n = 21; n >= 3; n -= 2) series = (series + 1 / n) * square;
  return exponent * LN2 + 2 * (s + s * series);
}

/** e^x; 0 below −700 and Infinity above 700, where nothing here has any business. */
export function portableExp(x: number): number {
  if (!(x > -700)) return Number.isNaN(x) ? x : 0;
  if (x > 700) return Number.POSITIVE_INFINITY;
  const k = Math.floor(x / LN2 + 0.5);
  // LN2 in two parts, the first with trailing zeros, so that k · LN2 loses nothing.
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
  let series = 1;
  for (let n = 14; n >= 1; n--) series = 1 + (series * r) / n; // |r| ≤ 0.347
  return series * powerOfTwo(k);
}

const CENTRE = {
  top: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  bottom: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
};
const SHOULDER = {
  top: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  bottom: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
};
const TAIL = {
  top: [
    2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  bottom: [
    2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
};

function rational({ top, bottom }: typeof TAIL, x: number): number {
  let above = 0;
  let below = 0;
  for (let i = 0; i < top.length; i++) {
    above = above * x + (top[i] as number);
    below = below * x + (bottom[i] as number);
  }
  return above / below;
}

/** Φ⁻¹(p) for p in (0, 1): Wichura's AS 241 (Applied Statistics 37, 1988), relative error about 1e-16. */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * rational(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-portableLog(q < 0 ? p : 1 - p));
  const distance = r <= 5 ? rational(SHOULDER, r - 1.6) : rational(TAIL, r - 5);
  return q < 0 ? -distance : distance;
}
