import { useMemo, useState } from "react";
import { say } from "../../../core/language/say.ts";
import { t } from "../../../state/app/speech.ts";
import { agreementLines, sortedAgreement } from "../../../state/evaluate/agreement/case-lines.ts";
import type { ReadersOfPack } from "../../../state/evaluate/agreement/readers-of-pack.ts";
import type { Sorting } from "../../../state/evaluate/table.ts";
import { decimals } from "../../app/format.ts";
import { Panel } from "../../controls/panel.tsx";
import { SortHead } from "../../controls/sort-head.tsx";
import { nameSaid } from "../../language/built-in-names.ts";
import { useOpenInPack } from "../use-open-case.ts";

const COLUMNS = [
  { name: "case", label: say`Case`, hint: say`In the order of the pack`, falling: false },
  { name: "drew", label: say`Drew`, hint: say`Readers who drew something, of those who looked`, falling: false },
  {
    name: "apart",
    label: "1 − IoU",
    hint: say`Mean over all pairs of readers: one who drew nothing parts wholly from one who drew`,
    falling: true,
  },
  { name: "dice", label: "Dice", hint: say`Mean over the pairs in which both drew`, falling: false },
  { name: "hd95Mm", label: say`HD95, mm`, hint: say`Mean over the pairs in which both drew`, falling: true },
  { name: "ratio", label: say`Area ratio`, hint: say`Largest to smallest of those who drew`, falling: true },
] as const;

/** A row per case, those on which readers part most first; a click opens it in the explorer. */
export function AgreementCases({ value }: { readonly value: ReadersOfPack }) {
  const [sorting, setSorting] = useState<Sorting>({ by: "apart", falling: true });
  const lines = useMemo(() => sortedAgreement(agreementLines(value), sorting), [value, sorting]);
  const openCase = useOpenInPack();
  const open = (row: number) => openCase(value.pack.shelf, row);
  return (
    <Panel
      name={t`Cases`}
      className="cases-of-evaluation"
      aside={<p className="sentence">{t`A click opens the case in the explorer.`}</p>}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keys */}
      <section className="table-frame" aria-label={t`Agreement on each case, scrollable`} tabIndex={0}>
        <table>
          <caption className="visually-hidden">{t`Agreement on each case`}</caption>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <SortHead key={column.name} {...column} sorting={sorting} onSort={setSorting} />
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(({ row, title, drew, looked, apart, dice, hd95Mm, ratio }) => (
              <tr key={row} onClick={() => open(row)}>
                <th scope="row" className="first" title={nameSaid(title)}>
                  <button type="button" className="link">
                    {nameSaid(title)}
                  </button>
                </th>
                <td>{t`${drew} of ${looked}`}</td>
                <td>{decimals(apart, 3)}</td>
                <td>{decimals(dice, 3)}</td>
                <td>{decimals(hd95Mm, 1)}</td>
                <td>{decimals(ratio)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}
