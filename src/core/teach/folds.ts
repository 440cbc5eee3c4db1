import { shuffle } from "../random/random.ts";

const STREAM = 71;

/**
 * Deals cases into `count` folds: the fold of each case, from 0. Cases of one patient stay together; without patients
 * every case is its own. Patients come in random order, those with most cases first, each into the emptiest fold.
 */
export function foldsOf(patients: readonly unknown[], count: number, seed: number): number[] {
  const groups = new Map<unknown, number[]>();
  for (const [i, patient] of patients.entries()) groups.set(patient, [...(groups.get(patient) ?? []), i]);
  const order = shuffle(seed, [STREAM], [...groups.values()]).sort((a, b) => b.length - a.length);
  const sizes = new Array<number>(count).fill(0);
  const found = new Array<number>(patients.length).fill(0);
  for (const group of order) {
    const fold = sizes.indexOf(Math.min(...sizes));
    sizes[fold] = (sizes[fold] as number) + group.length;
    for (const i of group) found[i] = fold;
  }
  return found;
}
