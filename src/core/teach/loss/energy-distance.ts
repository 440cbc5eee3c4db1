/** A loss of samples [N, P] against masks, with its gradients. */
export interface SampleLoss {
  readonly value: number;
  /** [N, P] */
  readonly gradient: Float32Array;
  /** In the gate's logit. */
  readonly gate: number;
}

/** Masks [G, P] in [0, 1], soft ones too. */
export interface SoftMasks {
  readonly count: number;
  readonly values: Float32Array;
}

/**
 * 2·mean d(S, Y) − mean over i ≠ j of d(S_i, S_j): GED² without its constant, of soft samples s = sigmoid(sharpness ·
 * logit), with d(a, b) = 1 − (Σab + ε) / (Σa² + Σb² − Σab + ε). `presence`: the gate's logit (null without one); a
 * sample is then drawn with probability p and empty otherwise, which enters as its expectation. The gradient is in the
 * logits. As `energy_distance` of models/training/objectives.py.
 */
export function energyDistance(
  logits: Float32Array,
  count: number,
  masks: SoftMasks,
  { sharpness, eps }: { readonly sharpness: number; readonly eps: number },
  presence: number | null,
): SampleLoss {
  const pixels = logits.length / count;
  const soft = new Float32Array(logits.length);
  for (let i = 0; i < logits.length; i++) soft[i] = 1 / (1 + Math.exp(-sharpness * (logits[i] as number)));
  const [s, y] = [rowsOf(soft, count), rowsOf(masks.values, masks.count)];
  const [areas, drawn] = [s.map((row) => dot(row, row)), y.map((row) => dot(row, row))];
  const p = presence === null ? 1 : 1 / (1 + Math.exp(-presence));

  let [across, among, toEmpty] = [0, 0, 0];
  /** Of Σ_b c_nb · b and e_n · s_n, of which the gradient in s_n is made. */
  const ofMasks = s.map(() => new Float64Array(masks.count));
  const ofSamples = s.map(() => new Float64Array(count));
  const ofSelf = new Float64Array(count);
  const pay = (n: number, other: Float64Array, at: number, overlap: number, area: number, weight: number) => {
    const [shared, union] = [overlap + eps, (areas[n] as number) + area - overlap + eps];
    // ∂d/∂a = −b·(1/U + I/U²) + a·2I/U²
    other[at] = (other[at] as number) - weight * (1 / union + shared / union ** 2);
    ofSelf[n] = (ofSelf[n] as number) + (2 * weight * shared) / union ** 2;
    return 1 - shared / union;
  };
  const [ofAcross, ofPair] = [2 / (count * masks.count), 1 / (count * (count - 1))];
  for (let n = 0; n < count; n++) {
    const [own, toMasks, toOthers] = [s[n] as Float32Array, ofMasks[n], ofSamples[n]] as const;
    for (let g = 0; g < masks.count; g++) {
      const overlap = dot(own, y[g] as Float32Array);
      across += ofAcross * pay(n, toMasks as Float64Array, g, overlap, drawn[g] as number, p * ofAcross);
    }
    for (let m = 0; m < n; m++) {
      const overlap = dot(own, s[m] as Float32Array);
      // both orders of the pair; the partner's gradient is paid for as well
      among += 2 * ofPair * pay(n, toOthers as Float64Array, m, overlap, areas[m] as number, -2 * p * p * ofPair);
      pay(m, ofSamples[m] as Float64Array, n, overlap, areas[n] as number, -2 * p * p * ofPair);
    }
    if (presence !== null) {
      const union = (areas[n] as number) + eps;
      toEmpty += (1 - eps / union) / count;
      ofSelf[n] = (ofSelf[n] as number) - (2 * p * (1 - p) * 2 * eps) / (count * union ** 2);
    }
  }
  // an empty sample against the masks: 1 − ε / (Σy² + ε)
  const emptyAcross = drawn.reduce((sum, area) => sum + (2 * (1 - eps / (area + eps))) / masks.count, 0);
  const gradient = new Float32Array(logits.length);
  for (let n = 0; n < count; n++) {
    const to = gradient.subarray(n * pixels, (n + 1) * pixels);
    const own = s[n] as Float32Array;
    for (let g = 0; g < masks.count; g++) add(to, y[g] as Float32Array, ofMasks[n]?.[g] as number);
    for (let m = 0; m < count; m++) if (m !== n) add(to, s[m] as Float32Array, ofSamples[n]?.[m] as number);
    add(to, own, ofSelf[n] as number);
    for (let i = 0; i < pixels; i++) {
      const q = own[i] as number;
      to[i] = (to[i] as number) * sharpness * q * (1 - q);
    }
  }
  const value = p * across + (1 - p) * emptyAcross - p * p * among - 2 * p * (1 - p) * toEmpty;
  const inP = across - emptyAcross - 2 * p * among - 2 * (1 - 2 * p) * toEmpty;
  return { value, gradient, gate: presence === null ? 0 : inP * p * (1 - p) };
}

function rowsOf(values: Float32Array, count: number): Float32Array[] {
  const length = values.length / count;
  return Array.from({ length: count }, (_, n) => values.subarray(n * length, (n + 1) * length));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function add(to: Float32Array, from: Float32Array, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + scale * (from[i] as number);
}
