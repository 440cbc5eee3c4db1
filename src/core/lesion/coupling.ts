import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import type { Draw, Gaussian } from "../network/encoding.ts";
import { type Chance, drawFrom, type Epsilon, epsilonFor, latticeSizes } from "../random/draws.ts";
import { normals } from "../random/random.ts";

/** How far standard normals of two slices belong together. */
export interface Tie {
  /** ρ in [0, 1]: the part common to all slices of a lesion; the rest has weight √(1 − ρ²). */
  readonly share: number;
  /** The rest is interpolated between nodes this far apart along the normal; 0: each slice has its own. */
  readonly lengthMm: number;
}

/** How the draws of a lesion's slices belong together, so that sample i is one reader through all of them. */
export interface Coupling {
  readonly name: string;
  /**
   * `latent`: the normals behind z are tied. `rank`: each slice keeps its own draws, and their ranks of area are tied.
   * `presence`: so are they among the draws that are not empty, and who draws is the same reader throughout: a sample that
   * draws on a slice draws on every slice on which more of the draws are not empty.
   */
  readonly by: "latent" | "rank" | "presence";
  /** Of z, or of the rank. */
  readonly z: Tie;
  /** Of the local fields; of no account by rank and presence. */
  readonly fields: Tie;
  /** A sample that marks fewer slices than this share of what the widest-reaching one marks draws none of the lesion. */
  readonly least: number;
}

/** Where sample i of one slice comes from: the lesion's draw number, the slice's own, and its place along the normal. */
export interface SlicePlace {
  readonly seed: number;
  /** The lesion's draw number: the lowest row of its slices in a file of cases, 0 for a loose series. */
  readonly lesion: number;
  /** The slice's draw number: its row, or its number in the series. */
  readonly row: number;
  /** Millimetres along the normal. */
  readonly zMm: number;
}

/** Chosen on `val` by CRPS of log volume and coverage of the graders' volumes: the table is in the default model's card. */
export const DEFAULT_COUPLING = "presence-0.9-least-0.4";

const OWN: Tie = { share: 0, lengthMm: 0 };
/** Parts of a draw that are neither z (0) nor a field (1 …). */
const [RANK, PRESENCE, GATE] = [-1, -2, -3];
const SAME: Tie = { share: 1, lengthMm: 0 };
const NAMES: Readonly<Record<string, Omit<Coupling, "name" | "least">>> = {
  independent: { by: "latent", z: OWN, fields: OWN },
  "same-z": { by: "latent", z: SAME, fields: OWN },
  rank: { by: "rank", z: SAME, fields: OWN },
};
const GRAMMAR =
  /^(?:(independent|same-z|rank)|(shared|rank|presence)-(0?\.\d+|0|1))(?:-along-(\d+))?(?:-fields-(same|own|\d+))?(?:-least-(0?\.\d+|0|1))?$/;

/**
 * A coupling by its name: `independent`, `same-z`, `rank` (the same rank of area in all slices), `shared-ρ` (z = ρ·z₀ +
 * √(1 − ρ²)·own), `rank-ρ`, `presence-ρ`. `-along-MM`: the own part is a process along the normal with nodes every MM millimetres.
 * `-least-g`: a sample that marks fewer than g of the slices that the widest-reaching one marks draws nothing.
 * `-fields-same`, `-fields-MM`: the local fields are the same in all slices, or interpolated between nodes; else own.
 * @throws GraderspaceError BadArgument
 */
export function couplingNamed(name: string): Coupling {
  const found = GRAMMAR.exec(name);
  if (!found) {
    throw new GraderspaceError("BadArgument", {
      problem: say`there is no coupling "${name}"`,
      remedy: say`give same-z, rank, independent, shared-0.7, rank-0.7, presence-0.5 or the like, with -along-20, -fields-same or -least-0.4 behind it`,
    });
  }
  const [, plain, kind, share, along, fields, least] = found;
  const base = NAMES[plain ?? ""] ?? {
    by: kind === "shared" ? "latent" : (kind as "rank" | "presence"),
    z: { ...OWN, share: Number(share) },
  };
  const lengthMm = Number(along ?? 0);
  return {
    name,
    by: base.by,
    least: Number(least ?? 0),
    z: { ...base.z, lengthMm },
    fields:
      fields === undefined || fields === "own"
        ? OWN
        : fields === "same"
          ? SAME
          : { share: 0, lengthMm: Number(fields) },
  };
}

/**
 * The standard normals behind sample `n` of one slice. They depend on the coupling, (seed, lesion, n), and the slice's
 * draw number or place, never on which other slices there are. Wholly independent draws are those of `epsilonFor`.
 */
function coupledEpsilon(
  { z, fields }: Coupling,
  place: SlicePlace,
  n: number,
  chance: Chance,
  size: { readonly width: number; readonly height: number },
): Epsilon {
  const own = epsilonFor(place.seed, place.row, n, chance, size.width, size.height);
  const grids = latticeSizes(size.width, size.height, chance.fieldSpacings);
  return {
    ...own, // each slice has its own shift
    z: tied(z, place, n, 0, own.z),
    fields: grids.map((_, i) => tied(fields, place, n, i + 1, own.fields[i] as Float32Array)),
    // whoever believes in a lesion believes in it on all of its slices
    ...(own.u !== undefined && z.share > 0 && { u: normals(place.seed, [place.lesion, n, GATE, 1], 1)[0] as number }),
  };
}

/** ρ·common + √(1 − ρ²)·rest; `part` 0 is z, 1 … the fields, RANK the rank. Streams of other lengths are other streams. */
function tied({ share, lengthMm }: Tie, place: SlicePlace, n: number, part: number, own: Float32Array): Float32Array {
  const { seed, lesion } = place;
  const common = share > 0 ? normals(seed, [lesion, n, part, 1], own.length) : null;
  if (common && share === 1) return common;
  const rest = lengthMm > 0 ? along(lengthMm, place, n, part, own.length) : own;
  const others = Math.sqrt(1 - share * share);
  return common ? rest.map((value, i) => share * (common[i] as number) + others * value) : rest;
}

/** Linear between the normals of two nodes, scaled to variance 1: the weights are 1 − t and t over √((1 − t)² + t²). */
function along(lengthMm: number, { seed, lesion, zMm }: SlicePlace, n: number, part: number, size: number) {
  const node = Math.floor(zMm / lengthMm);
  const t = zMm / lengthMm - node;
  const before = normals(seed, [lesion, n, part, 2, node], size);
  const after = normals(seed, [lesion, n, part, 2, node + 1], size);
  const norm = Math.sqrt((1 - t) * (1 - t) + t * t);
  return before.map((value, i) => ((1 - t) * value + t * (after[i] as number)) / norm);
}

/** The draws of samples 0 … count − 1 in one slice of a lesion; coupled by rank they are still each slice's own. */
export function lesionDraws(
  coupling: Coupling,
  place: SlicePlace,
  prior: Gaussian,
  chance: Chance,
  size: { readonly width: number; readonly height: number },
  count: number,
): Draw[] {
  const rule = coupling.by === "latent" ? coupling : { ...coupling, z: OWN, fields: OWN };
  return Array.from({ length: count }, (_, n) => drawFrom(prior, coupledEpsilon(rule, place, n, chance, size)));
}

/**
 * Which of a slice's own draws each sample takes, [N], a permutation, so that no slice's own law changes. By rank: the one
 * whose rank of area is the rank of the sample's tied normal among all samples. By presence: as many samples take empty
 * draws as there are, those lowest in a normal that is the lesion's alone; the others take theirs by rank. Coupled
 * otherwise, its own. Equal areas keep their order. A sample's draw then depends on how many samples there are.
 */
export function takenDraws(coupling: Coupling, place: SlicePlace, areas: readonly number[]): number[] {
  const all = areas.map((_, n) => n);
  if (coupling.by === "latent") return all;
  const score = (n: number) => {
    const own = normals(place.seed, [place.row, n, RANK], 1);
    return tied(coupling.z, place, n, RANK, own)[0] as number;
  };
  const byArea = ordered(all, (n) => areas[n] as number);
  const empty = coupling.by === "presence" ? areas.filter((area) => area === 0).length : 0;
  const byPresence =
    coupling.by === "presence"
      ? ordered(all, (n) => normals(place.seed, [place.lesion, n, PRESENCE, 1], 1)[0] as number)
      : all;
  const takers = [...byPresence.slice(0, empty), ...ordered(byPresence.slice(empty), score)];
  const taken = new Array<number>(areas.length);
  takers.forEach((n, rank) => {
    taken[n] = byArea[rank] as number;
  });
  return taken;
}

/** Ascending in what `by` says of them; equals in their own order. */
function ordered(samples: readonly number[], by: (n: number) => number): number[] {
  const values = new Map(samples.map((n) => [n, by(n)]));
  return [...samples].sort((a, b) => (values.get(a) as number) - (values.get(b) as number) || a - b);
}
