/**
 * Fleiss' κ (Psychol. Bull. 76:378, 1971): agreement on categories beyond chance, (P̄ − P̄_e)/(1 − P̄_e), where P̄ is the
 * mean over cases of the share of pairs of readers who say the same, and P̄_e = Σ p_j², p_j the share of all votes for
 * category j. `votes` [cases][categories] counts readers. Cases may have different numbers of readers; those with fewer
 * than two are left out. Null without a case, or where all votes are for one category.
 */
export function fleissKappa(votes: readonly (readonly number[])[]): number | null {
  const counted = votes.map((row) => ({ row, readers: sum(row) })).filter(({ readers }) => readers > 1);
  const total = sum(counted.map(({ readers }) => readers));
  if (counted.length === 0) return null;
  const shares = (counted[0]?.row ?? []).map((_, j) => sum(counted.map(({ row }) => row[j] as number)) / total);
  const chance = sum(shares.map((share) => share * share));
  if (chance >= 1) return null;
  const agreed = counted.map(({ row, readers }) => sum(row.map((n) => n * (n - 1))) / (readers * (readers - 1)));
  return (sum(agreed) / counted.length - chance) / (1 - chance);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
