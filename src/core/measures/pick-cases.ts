/** A slice that could go into a pack. */
export interface Candidate {
  /** Cases of one patient look alike: at most one is picked. */
  readonly patient: string;
  /** How many graders drew something. */
  readonly drew: number;
  /** Mean 1 − IoU over all pairs of graders, in [0, 1]. */
  readonly disagreement: number;
}

/** The numbers of graders that a pack shows, in equal shares: one alone is no disagreement. */
const GROUPS = [2, 3, 4];

/**
 * `count` candidates: as many with 2, 3 and 4 graders as there are, and in each group from the calmest to the most
 * disputed in even steps. One per patient; fewer than `count` where the patients run out. Same input, same picks.
 */
export function pickCases<C extends Candidate>(candidates: readonly C[], count: number): C[] {
  const used = new Set<string>();
  const picked: C[] = [];
  for (const [k, drew] of GROUPS.entries()) {
    const share = Math.floor(((k + 1) * count) / GROUPS.length) - Math.floor((k * count) / GROUPS.length);
    picked.push(
      ...spread(
        candidates.filter((one) => one.drew === drew),
        share,
        used,
      ),
    );
  }
  // a group that had too few leaves room for the others
  const rest = candidates.filter((one) => GROUPS.includes(one.drew));
  picked.push(...spread(rest, count - picked.length, used));
  return picked.sort((a, b) => a.drew - b.drew || a.disagreement - b.disagreement);
}

/** Up to `count` of the group at even steps of its ranks, each the nearest whose patient is still free. */
function spread<C extends Candidate>(group: readonly C[], count: number, used: Set<string>): C[] {
  const ranked = [...group].sort((a, b) => a.disagreement - b.disagreement);
  const picked: C[] = [];
  for (let k = 0; k < count; k++) {
    const wanted = ((k + 0.5) / count) * (ranked.length - 1);
    const free = ranked
      .map((one, rank) => ({ one, off: Math.abs(rank - wanted) }))
      .filter(({ one }) => !used.has(one.patient));
    const nearest = free.reduce<{ one: C; off: number } | null>((a, b) => (a && a.off <= b.off ? a : b), null);
    if (!nearest) break;
    used.add(nearest.one.patient);
    picked.push(nearest.one);
  }
  return picked;
}

/** floor(i·M/K) for i < K: `limit` rows, evenly spread. */
export function thinned(rows: readonly number[], limit: number): number[] {
  const count = Math.min(limit, rows.length);
  return Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)] as number);
}
