import { type ReadCase, sliceCase } from "../../core/agreement/read-case.ts";
import { emptyMask, type Mask, markedSmall } from "../../core/values/slice.ts";
import type { OpenedCase, PackIndex } from "./pack.ts";

/** "Grader 3", "Reader", "2": a place in a list, not a person. */
const ANYBODY = /^(grader|reader|annotator|rater|observer|radiologist|expert|session)?[\s_#-]*\d*$/i;

/** The readers that a pack names anywhere, in the order in which they come. */
export function packReaders({ cases }: PackIndex): string[] {
  return [...new Set(cases.flatMap(({ graders }) => graders.map(({ name }) => name)))];
}

/** True where all names are names of persons: then one name is one person in every case. */
export function namePersons(readers: readonly string[]): boolean {
  return !readers.some((name) => ANYBODY.test(name));
}

/**
 * A case of a pack as its readers read it, and `further` ones in the slice's size after them. Who is not in its list, or
 * marked a point under 3 mm without an outline, has no reading of it.
 */
export function packCase(opened: OpenedCase, readers: readonly string[], further: readonly Mask[] = []): ReadCase {
  const { id, patient, slice, graders } = opened;
  const masks = readers.map((reader) => {
    const grader = graders.find(({ name }) => name === reader);
    return grader && !markedSmall(grader) ? (grader.mask ?? emptyMask(slice.width, slice.height)) : null;
  });
  return sliceCase(id, patient ?? id, [...masks, ...further], slice.spacingMm);
}
