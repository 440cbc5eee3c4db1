import { GraderspaceError } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import type { Draw, Encoding, HeadWeights } from "../core/network/encoding.ts";
import { type DrawPlacement, readingOf } from "../core/network/shift-and-gate.ts";
import { latticeSizes } from "../core/random/draws.ts";

/** decode.wgsl's bounds: 16 vectors of four channels, 8 fields, 64 KiB of weights. */
const MOST_CHANNELS = 64;
const MOST_FIELDS = 8;
export const WEIGHT_FLOATS = 4 * 4096;
/** Size of decode.wgsl's `Plan`. */
export const PLAN_BYTES = 4 * (8 + 4 * MOST_FIELDS);

export function quadsOf(head: HeadWeights): number {
  return head.comb ? Math.ceil(head.channels / 4) : 0;
}

/** The comb's weights in decode.wgsl's order, filled with zeros to whole vectors. @throws BadArgument past its bounds */
export function packWeights(head: HeadWeights): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(WEIGHT_FLOATS);
  if (!head.comb) return packed;
  const c = 4 * quadsOf(head);
  const hidden = head.comb.layers.slice(0, -1);
  if (
    c > MOST_CHANNELS ||
    head.fieldSpacings.length > MOST_FIELDS ||
    hidden.length * c * (c + 1) + c + 4 > WEIGHT_FLOATS
  ) {
    throw new GraderspaceError("BadArgument", {
      problem: say`a head of ${c} channels is wider than the graphics kernel`,
    });
  }
  let at = 0;
  for (const { inputs, outputs, weights, bias } of hidden) {
    packed.set(bias, at);
    for (let i = 0; i < inputs; i++) {
      packed.set(weights.subarray(i * outputs, (i + 1) * outputs), at + c + i * c);
    }
    at += c * (c + 1);
  }
  const last = head.comb.layers.at(-1);
  if (last) packed.set(last.weights, at);
  packed[at + c] = last?.bias[0] ?? 0;
  return packed;
}

/** Planes [C][L][S][1] of [H, W], as many as the encoding has. */
export function packMaps(head: HeadWeights, encoding: Encoding): Float32Array<ArrayBuffer> {
  const { width, height, base, factor, amplitude, top } = encoding;
  const pixels = width * height;
  const maps: readonly (readonly [Float32Array | undefined, number, number])[] = [
    [base, encoding.channels, Math.max(1, 4 * quadsOf(head))],
    [factor, head.latent, head.latent],
    [amplitude, head.fieldSpacings.length, head.fieldSpacings.length],
    [top, 1, 1],
  ];
  const packed = new Float32Array(maps.reduce((sum, [map, , planes]) => sum + (map ? planes * pixels : 0), 0));
  let at = 0;
  for (const [map, channels, planes] of maps) {
    if (!map) continue;
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < channels; c++) packed[at + c * pixels + i] = map[i * channels + c] as number;
    }
    at += planes * pixels;
  }
  return packed;
}

/** Floats of a draw's placement. */
const PLACEMENT = 5;

/** Where each field's grid lies in a draw, and how it is read, and how long a draw is. */
export function drawLayout(head: HeadWeights, width: number, height: number) {
  let offset = 4 * quadsOf(head) + head.latent;
  const lattices = latticeSizes(width, height, head.fieldSpacings).map((size) => {
    const lattice = { ...size, offset };
    offset += size.width * size.height;
    return lattice;
  });
  return { lattices, placement: offset, stride: offset + PLACEMENT };
}

/** Per draw: W_z z [C], z [L], the fields' grids (zeros where it has none), and how it is read. */
export function packDraws(
  head: HeadWeights,
  draws: readonly Draw[],
  placements: readonly DrawPlacement[],
  layout: ReturnType<typeof drawLayout>,
): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(draws.length * layout.stride);
  const c = 4 * quadsOf(head);
  draws.forEach(({ z, fields }, n) => {
    const at = n * layout.stride;
    for (let l = 0; head.comb && l < head.latent; l++) {
      for (let k = 0; k < head.channels; k++) {
        packed[at + k] =
          (packed[at + k] as number) + (z[l] as number) * (head.comb.latent[l * head.channels + k] as number);
      }
    }
    packed.set(z, at + c);
    layout.lattices.forEach(({ offset }, s) => {
      const field = fields?.[s];
      if (field) packed.set(field, at + offset);
    });
    const placement = placements[n] as DrawPlacement;
    const { column, row, right, below } = readingOf(placement);
    packed.set([column, row, right, below, placement.drawn ? 1 : 0], at + layout.placement);
  });
  return packed;
}

/** The uniform `Plan` of decode.wgsl for one batch of pixels. */
export function packPlan(
  head: HeadWeights,
  { width, height }: { readonly width: number; readonly height: number },
  batch: { readonly first: number; readonly pixels: number },
  draws: number,
  layout: ReturnType<typeof drawLayout>,
): ArrayBuffer {
  const words = new Uint32Array(PLAN_BYTES / 4);
  words.set([width, height, batch.first, batch.pixels, draws, layout.stride]);
  new Float32Array(words.buffer)[6] = head.fieldScale;
  words[7] = layout.placement;
  layout.lattices.forEach((lattice, s) => {
    words.set([lattice.width, lattice.height, lattice.offset], 8 + 4 * s);
  });
  return words.buffer;
}
