// The whole decode in one pass: one invocation is one pixel, and all draws go over it in turn, so that no map of
// hidden activations is ever written and the statistics stay in registers.
//
//   logits(z) = comb(base + W_z z) + factor·z + Σ_s amplitude_s · upsample(field_s),   held under `top`
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
  /** Floats from one draw to the next: W_z z [C], z [L], the fields' grids. */
  drawStride: u32,
  fieldScale: f32,
  pad: u32,
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

fn plane(index: u32, pixel: u32) -> f32 {
  return maps[index * plan.width * plan.height + pixel];
}

fn log1pexp(negative: f32) -> f32 {
  return log(1.0 + exp(negative));
}

/** comb(base + W_z z) of one pixel; `base` before the shift and its ReLU. */
fn comb(base: ptr<function, array<vec4f, MOST_QUADS>>, draw: u32) -> f32 {
  var x: array<vec4f, MOST_QUADS>;
  var y: array<vec4f, MOST_QUADS>;
  for (var q = 0u; q < QUADS; q++) {
    let at = draw + 4u * q;
    let shift = vec4f(draws[at], draws[at + 1u], draws[at + 2u], draws[at + 3u]);
    x[q] = max(vec4f(0.0), (*base)[q] + shift);
  }
  var w = 0u;
  for (var layer = 0u; layer < LAYERS; layer++) {
    for (var j = 0u; j < QUADS; j++) {
      var sum = weights[w + j];
      for (var i = 0u; i < QUADS; i++) {
        let at = w + QUADS + 4u * i * QUADS + j;
        sum += x[i].x * weights[at];
        sum += x[i].y * weights[at + QUADS];
        sum += x[i].z * weights[at + 2u * QUADS];
        sum += x[i].w * weights[at + 3u * QUADS];
      }
      y[j] = max(vec4f(0.0), sum);
    }
    x = y;
    w += QUADS * (1u + 4u * QUADS);
  }
  var logit = weights[w + QUADS].x;
  for (var q = 0u; q < QUADS; q++) {
    logit += dot(x[q], weights[w + q]);
  }
  return logit;
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

/** −x·ln x, 0 at 0. */
fn surprise(x: f32) -> f32 {
  return -x * log(max(x, 1e-30));
}

@compute @workgroup_size(WORKGROUP)
fn decode(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= plan.pixels) {
    return;
  }
  let pixel = plan.first + id.x;
  let x = pixel % plan.width;
  let y = pixel / plan.width;
  let factorPlane = max(1u, 4u * QUADS);
  let amplitudePlane = factorPlane + select(0u, LATENT, FACTOR);
  let topPlane = amplitudePlane + AMPLITUDES;
  var base: array<vec4f, MOST_QUADS>;
  for (var q = 0u; q < QUADS; q++) {
    let c = 4u * q;
    base[q] = vec4f(plane(c, pixel), plane(c + 1u, pixel), plane(c + 2u, pixel), plane(c + 3u, pixel));
  }
  var firstP = 0.0;
  var firstH = 0.0;
  var sum = vec3f(0.0); // Σd, Σd², Σ(H − first H), d = p − first p: equal samples give exactly 0
  for (var n = 0u; n < plan.draws; n++) {
    let draw = n * plan.drawStride;
    var logit = 0.0;
    if (QUADS > 0u) {
      logit = comb(&base, draw);
    } else {
      logit = plane(0u, pixel);
    }
    let z = draw + 4u * QUADS;
    if (FACTOR) {
      for (var l = 0u; l < LATENT; l++) {
        logit += plane(factorPlane + l, pixel) * draws[z + l];
      }
    }
    for (var s = 0u; s < FIELDS; s++) {
      let lattice = plan.lattices[s];
      logit += plane(amplitudePlane + s, pixel) * plan.fieldScale * wave(lattice, draw + lattice.offset, x, y);
    }
    if (TOP) {
      let top = plane(topPlane, pixel);
      let gap = top - logit;
      logit = top - max(gap, 0.0) - log1pexp(-abs(gap));
    }
    let e = exp(-abs(logit));
    let q = 1.0 / (1.0 + e);
    let p = select(q, e * q, logit < 0.0);
    if (SAMPLES) {
      samples[n * plan.pixels + id.x] = p;
    }
    if (STATISTICS) {
      let h = log(1.0 + e) + abs(logit) * e * q;
      if (n == 0u) {
        firstP = p;
        firstH = h;
      }
      let d = p - firstP;
      sum += vec3f(d, d * d, h - firstH);
    }
  }
  if (STATISTICS) {
    sum /= f32(plan.draws);
    let mean = clamp(firstP + sum.x, 0.0, 1.0);
    let entropy = surprise(mean) + surprise(1.0 - mean);
    statistics[id.x] = mean;
    statistics[plan.pixels + id.x] = max(0.0, sum.y - sum.x * sum.x);
    statistics[2u * plan.pixels + id.x] = entropy;
    statistics[3u * plan.pixels + id.x] = max(0.0, entropy - firstH - sum.z);
  }
}
