import type { Samples } from "../core/network/encoding.ts";
import { type Chance, epsilonFor, latticeSizes } from "../core/random/draws.ts";
import type { SampleOrder } from "../core/random/orders.ts";
import { masksOf } from "../core/values/threshold.ts";
import { concat } from "../io/bytes/concat.ts";
import { writeNpz } from "../io/numpy/npz-write.ts";
import type { ChosenCases } from "./cases-file.ts";

interface DumpOrder {
  readonly seed: number;
  readonly count: number;
  readonly order: SampleOrder;
}

/** What `evaluate --dump` writes: every mask, and the standard normals behind it, so that another program can repeat it. */
export class Dump {
  readonly #rows: readonly number[];
  readonly #draws: readonly number[];
  readonly #size: number;
  readonly #order: DumpOrder;
  readonly #chance: Chance | null;
  /** [K, N, H, W / 8], bits along x, most significant first */
  readonly #masks: Uint8Array;
  #filled = 0;

  constructor(
    { rows, draws, size }: Pick<ChosenCases, "rows" | "draws" | "size">,
    order: DumpOrder,
    chance: Chance | null,
  ) {
    this.#rows = rows;
    this.#draws = draws;
    this.#size = size;
    this.#order = order;
    this.#chance = chance;
    this.#masks = new Uint8Array((rows.length * order.count * size * size) / 8);
  }

  /** The packed masks of the next row. */
  add(masks: Uint8Array): void {
    this.#masks.set(masks, this.#filled * masks.length);
    this.#filled++;
  }

  npz(): Uint8Array {
    const { count } = this.#order;
    const kept = [this.#rows.length, count];
    const grids = latticeSizes(this.#size, this.#size, this.#chance?.fieldSpacings ?? []);
    const normals = this.#draws.flatMap((draw) => Array.from({ length: count }, (_, n) => this.#epsilon(draw, n)));
    const fields = grids.map(({ width, height }, s) => {
      const values = concat(
        Float32Array,
        normals.map(({ fields }) => fields[s] as Float32Array),
      );
      return [`field_${this.#chance?.fieldSpacings[s]}`, { values, shape: [...kept, height, width] }];
    });
    return writeNpz({
      samples: { values: this.#masks, shape: [...kept, this.#size, this.#size / 8] },
      rows: { values: Int32Array.from(this.#rows), shape: [this.#rows.length] },
      epsilon: {
        values: concat(
          Float32Array,
          normals.map(({ z }) => z),
        ),
        shape: [...kept, this.#chance?.latent ?? 0],
      },
      ...Object.fromEntries(fields),
      ...(this.#chance?.gate && {
        epsilon_u: { values: Float32Array.from(normals, ({ u }) => u as number), shape: kept },
      }),
      ...(this.#chance?.shift && {
        epsilon_shift: {
          values: Float32Array.from(normals.flatMap(({ shift }) => shift ?? [])),
          shape: [...kept, 2],
        },
      }),
    });
  }

  #epsilon(draw: number, n: number) {
    const { seed, order } = this.#order;
    const chance = this.#chance ?? { latent: 0, fieldSpacings: [] };
    return epsilonFor(seed, draw, n, chance, this.#size, this.#size, order);
  }
}

/** A row's masks [N, H, W / 8], bits along x, most significant first. */
export function packedMasks(samples: Samples, threshold: number): Uint8Array {
  const pixels = samples.width * samples.height;
  const packed = new Uint8Array((samples.count * pixels) / 8);
  for (const [n, { bits }] of masksOf(samples, threshold).entries()) {
    for (let i = 0; i < pixels; i++) {
      const at = (n * pixels + i) >> 3;
      if (bits[i]) packed[at] = (packed[at] as number) | (128 >> ((n * pixels + i) & 7));
    }
  }
  return packed;
}
