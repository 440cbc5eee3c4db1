// The whole decode in one pass: one invocation is one pixel, and all draws go over it in turn, so that no map of
// hidden activations is ever written and the statistics stay in registers.
//
//   logits(z) = comb(base + W_z z) + factor·z + Σ_s amplitude_s · upsample(field_s),   held under `top`
//
// Where draws are read off by a shift, or a gate is shut, `decode` leaves their logits (RAW) and `placed` reads them.
//
// Sizes are `override` constants: absent parts and unused lanes fall away when the pipeline is made.

override WORKGROUP: u32 = 64;
/** Channels of the comb in vectors of four; 0 = no comb, the base is the mean map. */
override QUADS: u32 = 0;
/** C→C layers of the comb. */
override LAYERS: u32 = 0;
override LATENT: u32 = 0;
override FACTOR: bool = false;
/** Planes of amplitude in the maps, and how many of the fields are drawn. */
override AMPLITUDES: u32 = 0;
override FIELDS: u32 = 0;
override TOP: bool = false;
override SAMPLES: bool = true;
override STATISTICS: bool = true;
override RAW: bool = false;

const MOST_QUADS = 16u;
const MOST_FIELDS = 8u;

struct Lattice {
  width: u32,
  height: u32,
  /** Floats from the start of a draw to this field's grid. */
  offset: u32,
  pad: u32,
}

struct Plan {
  width: u32,
  height: u32,
  /** Pixels of this batch: from `first` on, `pixels` of them. */
  first: u32,
  pixels: u32,
  draws: u32,
  /** Floats from one draw to the next: W_z z [C], z [L], the fields' grids, how it is read. */
  drawStride: u32,
  fieldScale: f32,
  /** Floats from the start of a draw to how it is read: whole columns and rows to add, shares of the next ones, 1 or 0 where the gate is shut. */
  placement: u32,
  lattices: array<Lattice, MOST_FIELDS>,
}

@group(0) @binding(0) var<uniform> plan: Plan;
/** Per C→C layer: bias [C], weights [C inputs][C outputs]; then the last layer's weights [C] and its bias. */
@group(0) @binding(1) var<uniform> weights: array<vec4f, 4096>;
/** Planes of [H, W]: base [C], factor [L], amplitude [S], top. */
@group(0) @binding(2) var<storage, read> maps: array<f32>;
@group(0) @binding(3) var<storage, read> draws: array<f32>;
/** [draws][pixels] of the batch. */
@group(0) @binding(4) var<storage, read_write> samples: array<f32>;
/** Mean, variance, entropy, mutual information: [4][pixels] of the batch. */
@group(0) @binding(5) var<storage, read_write> statistics: array<f32>;

/** [draws][H, W] of the whole picture, where there are two steps. */
@group(0) @binding(6) var<storage, read_write> logitMaps: array<f32>;

fn plane(index: u32, pixel: u32) -> f32 {
  return maps[index * plan.width * plan.height + pixel];
}

fn log1pexp(negative: f32) -> f32 {
  return log(1.0 + exp(negative));
}

/**
 * comb(base + W_z z) of one pixel for two draws: every weight that is fetched serves both. `base` is what stands before
 * the shift and its ReLU.
 */
fn comb(base: ptr<function, array<vec4f, MOST_QUADS>>, first: u32, second: u32) -> vec2f {
  var a: array<vec4f, MOST_QUADS>;
  var b: array<vec4f, MOST_QUADS>;
  var nextA: array<vec4f, MOST_QUADS>;
  var nextB: array<vec4f, MOST_QUADS>;
  for (var q = 0u; q < QUADS; q++) {
    a[q] = max(vec4f(0.0), (*base)[q] + shift(first + 4u * q));
    b[q] = max(vec4f(0.0), (*base)[q] + shift(second + 4u * q));
  }
  var w = 0u;
  for (var layer = 0u; layer < LAYERS; layer++) {
    for (var j = 0u; j < QUADS; j++) {
      var sumA = weights[w + j];
      var sumB = sumA;
      for (var i = 0u; i < QUADS; i++) {
        let at = w + QUADS + 4u * i * QUADS + j;
        let m = mat4x4f(weights[at], weights[at + QUADS], weights[at + 2u * QUADS], weights[at + 3u * QUADS]);
        sumA += m * a[i];
        sumB += m * b[i];
      }
      nextA[j] = max(vec4f(0.0), sumA);
      nextB[j] = max(vec4f(0.0), sumB);
    }
    for (var q = 0u; q < QUADS; q++) {
      a[q] = nextA[q];
      b[q] = nextB[q];
    }
    w += QUADS * (1u + 4u * QUADS);
  }
  var logits = vec2f(weights[w + QUADS].x);
  for (var q = 0u; q < QUADS; q++) {
    logits += vec2f(dot(a[q], weights[w + q]), dot(b[q], weights[w + q]));
  }
  return logits;
}

fn shift(at: u32) -> vec4f {
  return vec4f(draws[at], draws[at + 1u], draws[at + 2u], draws[at + 3u]);
}

/** Half-pixel bilinear value of a field at (x, y), held at the border. */
fn wave(lattice: Lattice, grid: u32, x: u32, y: u32) -> f32 {
  let size = vec2f(f32(lattice.width), f32(lattice.height));
  let pixels = vec2f(f32(plan.width), f32(plan.height));
  let position = max(vec2f(0.0), (vec2f(f32(x), f32(y)) + 0.5) * size / pixels - 0.5);
  let first = min(vec2u(position), vec2u(lattice.width, lattice.height) - 1u);
  let second = min(first + 1u, vec2u(lattice.width, lattice.height) - 1u);
  let share = position - vec2f(first);
  let upper = mix(draws[grid + first.y * lattice.width + first.x], draws[grid + first.y * lattice.width + second.x], share.x);
  let lower = mix(draws[grid + second.y * lattice.width + first.x], draws[grid + second.y * lattice.width + second.x], share.x);
  return mix(upper, lower, share.y);
}

/** What comes after the comb, or the mean map: factor·z, the fields, the envelope. */
fn beyond(start: f32, draw: u32, pixel: u32) -> f32 {
  let factorPlane = max(1u, 4u * QUADS);
  let amplitudePlane = factorPlane + select(0u, LATENT, FACTOR);
  let topPlane = amplitudePlane + AMPLITUDES;
  let z = draw + 4u * QUADS;
  var logit = start;
  if (FACTOR) {
    for (var l = 0u; l < LATENT; l++) {
      logit += plane(factorPlane + l, pixel) * draws[z + l];
    }
  }
  for (var s = 0u; s < FIELDS; s++) {
    let lattice = plan.lattices[s];
    let value = wave(lattice, draw + lattice.offset, pixel % plan.width, pixel / plan.width);
    logit += plane(amplitudePlane + s, pixel) * plan.fieldScale * value;
  }
  if (TOP) {
    let top = plane(topPlane, pixel);
    let gap = top - logit;
    logit = top - max(gap, 0.0) - log1pexp(-abs(gap));
  }
  return logit;
}

/** −x·ln x, 0 at 0. */
fn surprise(x: f32) -> f32 {
  return -x * log(max(x, 1e-30));
}

/** p, H(p) of the first draw; and over the draws Σd, Σd², Σ(H − first H), d = p − first p: equal samples give exactly 0. */
struct Sums {
  p: f32,
  h: f32,
  sum: vec3f,
}

/** Probability and entropy of one draw, to where they belong; both are 0 of one that is not there. */
fn settle(logit: f32, there: f32, n: u32, at: u32, sums: ptr<function, Sums>) {
  let e = exp(-abs(logit));
  let q = 1.0 / (1.0 + e);
  let p = there * select(q, e * q, logit < 0.0);
  if (SAMPLES) {
    samples[n * plan.pixels + at] = p;
  }
  if (STATISTICS) {
    let h = there * (log(1.0 + e) + abs(logit) * e * q);
    if (n == 0u) {
      (*sums).p = p;
      (*sums).h = h;
    }
    let d = p - (*sums).p;
    (*sums).sum += vec3f(d, d * d, h - (*sums).h);
  }
}

@compute @workgroup_size(WORKGROUP)
fn decode(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= plan.pixels) {
    return;
  }
  let pixel = plan.first + id.x;
  var base: array<vec4f, MOST_QUADS>;
  for (var q = 0u; q < QUADS; q++) {
    let c = 4u * q;
    base[q] = vec4f(plane(c, pixel), plane(c + 1u, pixel), plane(c + 2u, pixel), plane(c + 3u, pixel));
  }
  var sums: Sums;
  for (var n = 0u; n < plan.draws; n += 2u) {
    let first = n * plan.drawStride;
    let second = min(n + 1u, plan.draws - 1u) * plan.drawStride;
    var logits: vec2f;
    if (QUADS > 0u) {
      logits = comb(&base, first, second);
    } else {
      logits = vec2f(plane(0u, pixel));
    }
    keep(beyond(logits.x, first, pixel), n, id.x, &sums);
    if (n + 1u < plan.draws) {
      keep(beyond(logits.y, second, pixel), n + 1u, id.x, &sums);
    }
  }
  if (STATISTICS) {
    finish(id.x, &sums);
  }
}

/** One draw's logit: as it is for `placed`, or settled. */
fn keep(logit: f32, n: u32, at: u32, sums: ptr<function, Sums>) {
  if (RAW) {
    logitMaps[n * plan.width * plan.height + plan.first + at] = logit;
  } else {
    settle(logit, 1.0, n, at, sums);
  }
}

/** The statistics of one pixel. */
fn finish(at: u32, sums: ptr<function, Sums>) {
  let mean = (*sums).sum / f32(plan.draws);
  let p = clamp((*sums).p + mean.x, 0.0, 1.0);
  let entropy = surprise(p) + surprise(1.0 - p);
  statistics[at] = p;
  statistics[plan.pixels + at] = max(0.0, mean.y - mean.x * mean.x);
  statistics[2u * plan.pixels + at] = entropy;
  statistics[3u * plan.pixels + at] = max(0.0, entropy - (*sums).h - mean.z);
}

/** The second step: each draw's logits between four of its pixels, held at the border. */
@compute @workgroup_size(WORKGROUP)
fn placed(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= plan.pixels) {
    return;
  }
  let pixel = plan.first + id.x;
  let place = vec2i(i32(pixel % plan.width), i32(pixel / plan.width));
  let last = vec2i(i32(plan.width), i32(plan.height)) - 1;
  var sums: Sums;
  for (var n = 0u; n < plan.draws; n++) {
    let how = n * plan.drawStride + plan.placement;
    let moved = place + vec2i(i32(draws[how]), i32(draws[how + 1u]));
    let first = vec2u(clamp(moved, vec2i(0), last));
    let second = vec2u(clamp(moved + 1, vec2i(0), last));
    let map = n * plan.width * plan.height;
    let upperRow = map + first.y * plan.width;
    let lowerRow = map + second.y * plan.width;
    let upper = mix(logitMaps[upperRow + first.x], logitMaps[upperRow + second.x], draws[how + 2u]);
    let lower = mix(logitMaps[lowerRow + first.x], logitMaps[lowerRow + second.x], draws[how + 2u]);
    settle(mix(upper, lower, draws[how + 3u]), draws[how + 4u], n, id.x, &sums);
  }
  if (STATISTICS) {
    finish(id.x, &sums);
  }
}
