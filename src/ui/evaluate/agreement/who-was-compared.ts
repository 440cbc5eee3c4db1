import type { ReadersOfPack } from "../../../state/evaluate/agreement/readers-of-pack.ts";

/** "Balls: 6 cases · 4 readers · 95 % intervals over 3 patients" */
export function whoWasCompared({ pack, study }: ReadersOfPack): string {
  const { cases, readers } = study;
  const of = cases.length === pack.cases.length ? "" : ` of ${pack.cases.length}`;
  const over =
    pack.patients === null
      ? "over cases (the pack does not name all patients)"
      : `over ${new Set(cases.map(({ patient }) => patient)).size} patients`;
  return `${pack.title}: ${cases.length}${of} cases · ${readers.length} readers · 95 % intervals ${over}`;
}
