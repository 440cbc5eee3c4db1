import { useMemo, useState } from "react";
import { say, type Text } from "../../../core/language/say.ts";
import { t } from "../../../state/app/speech.ts";
import { type PackLesion, sortedLesions } from "../../../state/evaluate/lesions/lesion-lines.ts";
import type { LesionsOfPack } from "../../../state/evaluate/lesions/lesions-of-pack.ts";
import type { Sorting } from "../../../state/evaluate/table.ts";
import { decimals } from "../../app/format.ts";
import { Panel } from "../../controls/panel.tsx";
import { SortHead } from "../../controls/sort-head.tsx";
import { useOpenInPack } from "../use-open-case.ts";
import { percent, thresholdText } from "./lesion-figures.tsx";

interface Column {
  readonly name: string;
  readonly label: Text;
  readonly hint: Text;
  readonly falling: boolean;
  show(line: PackLesion): string;
}

const GRADERS: readonly Column[] = [
  {
    ...{
      name: "graders",
      label: say`Graders, mm³`,
      hint: say`In the order of the graders; sorted by their median`,
      falling: true,
    },
    show: ({ graders }) => graders.map((volume) => decimals(volume, 0)).join(" · "),
  },
  {
    ...{ name: "ratio", label: say`Ratio`, hint: say`Largest to smallest of the graders' volumes`, falling: true },
    show: ({ graders }) => decimals(Math.max(...graders) / Math.min(...graders)),
  },
  {
    ...{
      name: "split",
      label: say`Graders part at`,
      hint: say`Thresholds with graders on both sides`,
      falling: true,
    },
    show: ({ split }) => split.map(thresholdText).join(", ") || "–",
  },
];

const MODEL: readonly Column[] = [
  {
    ...{ name: "median", label: say`Median, mm³`, hint: say`Of the samples that drew something`, falling: true },
    show: ({ model }) => decimals(model?.median, 0),
  },
  {
    ...{
      name: "width",
      label: say`90 % interval`,
      hint: say`Of the same samples; sorted by its high to its low end`,
      falling: true,
    },
    show: ({ model }) => (model ? model.interval90.map((volume) => decimals(volume, 0)).join("–") : "–"),
  },
  {
    ...{
      name: "covered",
      label: say`Covers`,
      hint: say`Graders whose volume lies in the 90 % interval`,
      falling: false,
    },
    show: ({ model, graders }) => (model ? t`${model.covered} of ${graders.length}` : "–"),
  },
  {
    ...{
      name: "flips",
      label: say`Samples part`,
      hint: say`Share of pairs of samples on different sides of the threshold at which most are`,
      falling: true,
    },
    show: ({ model }) => percent(model?.flips),
  },
];

/** A row per lesion; a click opens the middle one of its slices. */
export function LesionsTable(props: {
  readonly value: LesionsOfPack;
  readonly lines: readonly PackLesion[];
  readonly said: string;
}) {
  const { value, lines, said } = props;
  const [sorting, setSorting] = useState<Sorting>({ by: "case", falling: false });
  const sorted = useMemo(() => sortedLesions(lines, sorting), [lines, sorting]);
  const openCase = useOpenInPack();
  const columns = value.drawn ? [...GRADERS, ...MODEL] : GRADERS;
  return (
    <Panel
      name={t`Lesions`}
      className="cases-of-evaluation"
      aside={<p className="sentence">{t`A click opens its middle slice.`}</p>}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keys */}
      <section className="table-frame" aria-label={t`Figures of each lesion, scrollable`} tabIndex={0}>
        <table>
          <caption className="visually-hidden">{t`Figures of each lesion`}</caption>
          <thead>
            <tr>
              <SortHead
                name="case"
                label={t`Lesion`}
                hint={t`In the order of the pack`}
                sorting={sorting}
                onSort={setSorting}
              />
              {columns.map(({ show: _show, ...column }) => (
                <SortHead key={column.name} {...column} sorting={sorting} onSort={setSorting} />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((line) => (
              <tr key={line.row} onClick={() => openCase(value.pack.shelf, line.opens, value.drawn)}>
                <th scope="row" className="first" title={t`${line.title}, ${line.slices} slices`}>
                  <button type="button" className="link">
                    {line.title}
                  </button>
                </th>
                {columns.map(({ name, show }) => (
                  <td key={name}>{show(line)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="sentence caution">{said}</p>
    </Panel>
  );
}
