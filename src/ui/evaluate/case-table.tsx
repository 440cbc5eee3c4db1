import { memo, useMemo, useState } from "react";
import { useEvaluated } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { type FigureName, figuresFor } from "../../state/evaluate/figures.ts";
import { type CaseLine, caseLines, figureColumns, type Sorting, sortedLines } from "../../state/evaluate/table.ts";
import { decimals } from "../app/format.ts";
import { ChoiceStrip } from "../controls/choice-strip.tsx";
import { Panel } from "../controls/panel.tsx";
import { SortHead } from "../controls/sort-head.tsx";
import { nameSaid } from "../language/built-in-names.ts";
import { Mark, useMarks } from "./mark.tsx";
import { useOpenCase } from "./use-open-case.ts";

/** A row per case; a click opens it in the explorer. */
export function CaseTable() {
  const systems = useEvaluated((state) => state.systems);
  const order = useEvaluated((state) => state.order);
  const representativeOf = order?.representativeOf ?? null;
  const figures = figuresFor(representativeOf);
  const [wished, setFigure] = useState<FigureName>("ged2");
  const figure = figures.some(({ name }) => name === wished) ? wished : "ged2"; // the next run may be without
  const [sorting, setSorting] = useState<Sorting>({ by: "case", falling: false });
  const marks = useMarks();
  const openCase = useOpenCase();
  const names = systems.map(({ name }) => name).join("\n");
  const columns = useMemo(
    () => figureColumns(names === "" ? [] : names.split("\n"), figure, representativeOf),
    [names, figure, representativeOf],
  );
  const lines = useMemo(
    () => sortedLines(caseLines({ systems, order }, columns), columns, sorting),
    [systems, order, columns, sorting],
  );
  const several = systems.length > 1;
  const head = (key: string, label: string, hint: string, mark?: string) => (
    <SortHead key={key} name={key} label={label} hint={hint} sorting={sorting} onSort={setSorting}>
      {mark !== undefined && <Mark mark={marks(mark)} />}
    </SortHead>
  );
  return (
    <Panel
      name={t`Cases`}
      className="cases-of-evaluation"
      aside={
        several ? (
          <ChoiceStrip<FigureName>
            label={t`Figure shown per case`}
            value={figure}
            options={figures.map(({ name, label, hint }) => ({ value: name, label, hint }))}
            onChange={setFigure}
          />
        ) : (
          <p className="sentence">{t`A click opens the case in the explorer.`}</p>
        )
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keys */}
      <section className="table-frame" aria-label={t`Figures of each case, scrollable`} tabIndex={0}>
        <table>
          <caption className="visually-hidden">{t`Figures of each case`}</caption>
          <thead>
            <tr>
              {head("case", t`Case`, t`In the order of the pack`)}
              {head("drew", t`Drew`, t`Graders who drew something, of those who looked`)}
              {head("spread", t`Graders part`, t`Mean 1 − IoU over all pairs of graders, including i = j`)}
              {columns.map(({ key, system, figure: shown }) => {
                const { label, hint } = figures.find(({ name }) => name === shown) ?? figures[0]!;
                const title = systems.find(({ name }) => name === system)?.title ?? system;
                return several
                  ? head(key, title, t`${label} of ${title}. ${hint}`, system)
                  : head(key, said(label), said(hint));
              })}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Line
                key={line.row}
                {...line}
                shown={line.values.map((value) => decimals(value, 3)).join("|")}
                open={openCase}
              />
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}

/** Drawn anew only where what it shows is another: while a run goes on, most lines stay as they are. */
const Line = memo(
  function Line(props: Omit<CaseLine, "values"> & { readonly shown: string; open(row: number): void }) {
    const { row, title, drew, slots, graderSpread, failure, shown, open } = props;
    return (
      <tr onClick={() => open(row)}>
        <th scope="row" className="first" title={nameSaid(title)}>
          <button type="button" className="link">
            {nameSaid(title)}
          </button>
        </th>
        {failure !== null && drew === null ? (
          <td className="failure" colSpan={2 + shown.split("|").length} title={said(failure)}>
            {said(failure)}
          </td>
        ) : (
          <>
            <td>
              {drew} {t`of ${slots}`}
            </td>
            <td>{decimals(graderSpread, 3)}</td>
            {shown.split("|").map((value, i) => (
              <td key={i}>{value}</td>
            ))}
          </>
        )}
      </tr>
    );
  },
  (a, b) =>
    a.row === b.row && a.shown === b.shown && a.title === b.title && a.failure === b.failure && a.drew === b.drew,
);
