import { scaleLinear } from "d3-scale";
import { useRef } from "react";
import { t } from "../../state/app/speech.ts";
import { decimals } from "../app/format.ts";
import { useSize } from "../controls/use-size.ts";

/** One line of a chart: values over steps. */
export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly look: "train" | "held-out" | "before";
  /** Not in the legend. */
  readonly silent?: boolean;
  readonly points: readonly (readonly [step: number, value: number])[];
}

const MARGIN = { left: 44, right: 10, top: 8, bottom: 20 } as const;
const LEAST = { width: 220, height: 90 };

/** Curves over the steps, from 0 on; held-out values carry a dot each. */
export function CurveChart(props: {
  readonly name: string;
  readonly unit: string;
  readonly curves: readonly Curve[];
  readonly steps: number;
  /** The axis ends here at most, and the chart says so: a first value that is far off must not flatten the rest. */
  readonly most?: number;
}) {
  const { name, unit, curves, steps, most = Number.POSITIVE_INFINITY } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame, LEAST);
  const values = curves.flatMap(({ points }) => points.map(([, value]) => value));
  const top = Math.min(most, Math.max(0.01, ...values));
  const x = scaleLinear([0, Math.max(1, steps)], [MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear([0, top], [height - MARGIN.bottom, MARGIN.top])
    .clamp(true)
    .nice(3);
  const end = y.domain()[1] ?? top;
  const isCut = values.some((value) => value > end);
  return (
    <figure className="train-chart">
      <figcaption>
        <span className="heading">{name}</span>
        <span className="dim">{isCut ? t`${unit}; above ${decimals(end, 0)}: on the edge` : unit}</span>
        <ul>
          {curves
            .filter(({ silent }) => !silent)
            .map(({ name, colour, look, points }) => (
              <li key={`${name} ${look}`}>
                <svg width="18" height="8" aria-hidden="true">
                  <path d="M0 4H18" stroke={colour} className={`curve ${look}`} />
                </svg>
                {name} <span className="dim">{decimals(points.at(-1)?.[1], 2)}</span>
              </li>
            ))}
        </ul>
      </figcaption>
      <div ref={frame} className="chart">
        <svg width={width} height={height} role="img" aria-label={summaryOf(name, unit, curves)} fontSize="11">
          {y.ticks(3).map((tick) => (
            <g key={tick}>
              <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} className="grid-line" />
              <text x={MARGIN.left - 6} y={y(tick)} dy="0.32em" textAnchor="end" className="tick-text">
                {decimals(tick, top < 5 ? 1 : 0)}
              </text>
            </g>
          ))}
          {x.ticks(5).map((tick) => (
            <text key={tick} x={x(tick)} y={height - 6} textAnchor="middle" className="tick-text">
              {tick}
            </text>
          ))}
          {curves.map(({ name, colour, look, points }) => (
            <g key={`${name} ${look}`} stroke={colour} fill={colour}>
              <polyline
                points={points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(" ")}
                className={`curve ${look}`}
              />
              {look === "held-out" &&
                points.map(([step, value]) => <circle key={step} cx={x(step)} cy={y(value)} r="2.5" stroke="none" />)}
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}

function summaryOf(name: string, unit: string, curves: readonly Curve[]): string {
  const said = curves.flatMap(({ name, points }) => {
    const last = points.at(-1);
    return last ? [t`${name} ${decimals(last[1], 2)} at step ${last[0]}`] : [];
  });
  return `${name}, ${unit}: ${said.length === 0 ? t`nothing yet` : said.join("; ")}`;
}
