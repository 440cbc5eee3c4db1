import { useMemo } from "react";
import { say } from "../../core/language/say.ts";
import type { Interval } from "../../core/measures/bootstrap.ts";
import { useEvaluated } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { figuresFor, type Overall, overallOf } from "../../state/evaluate/figures.ts";
import type { SystemRun } from "../../state/evaluate/slice.ts";
import { decimals } from "../app/format.ts";
import { InfoButton } from "../concepts/info-button.tsx";
import { Mark, useMarks } from "./mark.tsx";

const OVER_CASES = say`On this machine: the mean over the cases that are finished; the interval by resampling`;

/** Systems × figures, each with its 95 % interval. */
export function OverallTable() {
  const systems = useEvaluated((state) => state.systems);
  const intervals = useEvaluated((state) => state.intervals);
  const wanted = useEvaluated((state) => state.order?.rows.length ?? 0);
  const overall = useMemo(() => systems.map(({ rows }) => overallOf(rows)), [systems]);
  const figures = useFigures();
  const drew = [...new Set(overall.flatMap((one) => Object.keys(one?.ged2ByGraders ?? {})))].sort();
  const marks = useMarks();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled by keys
    <section className="table-frame overall" aria-label={t`Overall figures, scrollable`} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{t`Overall figures of each system with 95 % intervals`}</caption>
        <thead>
          <tr>
            <th scope="col" rowSpan={2} className="first">{t`System`}</th>
            <th scope="col" rowSpan={2} title={t`Cases finished, of those asked for`}>{t`Cases`}</th>
            {figures.map(({ name, label, hint }) => (
              <th key={name} scope="col" rowSpan={2}>
                {said(label)} <InfoButton about={{ name: said(label), what: hint, where: said(OVER_CASES) }} />
              </th>
            ))}
            {drew.length > 0 && (
              <th
                scope="colgroup"
                colSpan={drew.length}
                className="group"
                title={t`GED² over the cases in which this many graders drew something`}
              >{t`GED² by graders who drew`}</th>
            )}
          </tr>
          <tr>
            {drew.map((k) => (
              <th key={k} scope="col">
                {k}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {systems.map((system, i) => (
            <tr key={system.name}>
              <th scope="row" className="first" title={system.name}>
                <Mark mark={marks(system.name)} /> {system.title}
              </th>
              <Cells
                system={system}
                overall={overall[i] ?? null}
                wanted={wanted}
                around={intervals[system.name]?.value ?? null}
                drew={drew}
              />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The figures of the run on the screen. */
function useFigures() {
  const representativeOf = useEvaluated((state) => state.order?.representativeOf ?? null);
  return useMemo(() => figuresFor(representativeOf), [representativeOf]);
}

function Cells(props: {
  readonly system: SystemRun;
  readonly overall: Overall | null;
  readonly wanted: number;
  readonly around: Readonly<Record<string, Interval | null>> | null;
  readonly drew: readonly string[];
}) {
  const { system, overall, wanted, around, drew } = props;
  const figures = useFigures();
  if (system.failure !== null) {
    return (
      <td className="failure" colSpan={1 + figures.length + drew.length}>
        {said(system.failure)}
      </td>
    );
  }
  return (
    <>
      <td>
        {system.rows.length}
        <span className="interval">{t`of ${wanted}`}</span>
      </td>
      {figures.map(({ name }) => {
        const interval = around?.[name];
        return (
          <td key={name}>
            {decimals(overall?.figures[name], 3)}
            <span className="interval">
              {interval ? `${decimals(interval.low, 3)}–${decimals(interval.high, 3)}` : "\u00a0"}
            </span>
          </td>
        );
      })}
      {drew.map((k) => (
        <td key={k}>{decimals(overall?.ged2ByGraders[k], 3)}</td>
      ))}
    </>
  );
}
