import { t } from "../../../state/app/speech.ts";
import type { ReadersOfPack } from "../../../state/evaluate/agreement/readers-of-pack.ts";

/** "Balls: 6 cases · 4 readers · 95 % intervals over 3 patients" */
export function whoWasCompared({ pack, study }: ReadersOfPack): string {
  const { cases, readers } = study;
  const of = cases.length === pack.cases.length ? "" : t` of ${pack.cases.length}`;
  const over =
    pack.patients === null
      ? t`over cases (the pack does not name all patients)`
      : t`over ${new Set(cases.map(({ patient }) => patient)).size} patients`;
  return t`${pack.title}: ${cases.length}${of} cases · ${readers.length} readers · 95 % intervals ${over}`;
}
