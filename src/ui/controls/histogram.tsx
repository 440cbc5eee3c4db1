// Not d3-scale: its colours and formats are more than all that is drawn here, at the first paint.

import { nice, ticks as ticksOf } from "d3-array";
import { useMemo, useRef } from "react";
import { t } from "../../state/app/speech.ts";
import { useSize } from "./use-size.ts";

const HEIGHT = 86;
const LEFT = 6;
const BOTTOM = 36;
const TOP = 4;
const LEAST = { width: 160, height: HEIGHT };
/** Where its room is not known yet. */
const UNSEEN = { visibility: "hidden" } as const;

/** A value marked under the axis. */
export interface Tick {
  readonly label: string;
  /** Its letter or number, under its triangle. */
  readonly mark: string;
  readonly colour: string;
  readonly value: number;
}

/** How often values occur, from 0 on, with marked values under the axis and a line where one stands now. */
export function Histogram(props: {
  /** Its accessible name; where left out, the summary is. */
  readonly name?: string;
  readonly summary: string;
  readonly values: readonly number[];
  /** "area, mm²" */
  readonly axis: string;
  readonly unit: string;
  readonly ticks: readonly Tick[];
  readonly here: { readonly label: string; readonly value: number } | null;
  /** A part of the axis that is set off. */
  readonly interval?: readonly [low: number, high: number] | null;
}) {
  const { name, summary, values, axis, unit, ticks, here, interval = null } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { width: across, measured } = useSize(frame, LEAST);
  const { x, bins, top, tallest } = useMemo(() => {
    const most = Math.max(1, ...values, ...ticks.map(({ value }) => value));
    const [, top] = nice(0, most, 6);
    const x = (value: number) => LEFT + (value / top) * (across - 2 * LEFT);
    const count = Math.min(24, Math.max(8, Math.ceil(Math.sqrt(values.length) * 4)));
    const bins = new Array<number>(count).fill(0);
    for (const value of values) {
      const bin = Math.min(count - 1, Math.floor((value / top) * count));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    return { x, bins, top, tallest: Math.max(1, ...bins) };
  }, [values, ticks, across]);
  const floor = HEIGHT - BOTTOM;
  const width = (across - 2 * LEFT) / bins.length;
  return (
    <div ref={frame} className="histogram">
      <svg
        style={measured ? undefined : UNSEEN}
        width={across}
        height={HEIGHT}
        role="img"
        aria-label={name ?? summary}
        data-chart={name}
      >
        {name && <desc>{summary}</desc>}
        {interval && (
          <rect
            x={x(interval[0])}
            y={TOP}
            width={x(interval[1]) - x(interval[0])}
            height={floor - TOP}
            className="interval"
          >
            <title>{t`90 % of the samples: ${Math.round(interval[0])}–${Math.round(interval[1])} ${unit}`}</title>
          </rect>
        )}
        {bins.map((n, bin) => {
          const height = (n / tallest) * (floor - TOP);
          return (
            <rect
              key={bin}
              x={LEFT + bin * width + 0.5}
              y={floor - height}
              width={width - 1}
              height={height}
              className="bin"
            />
          );
        })}
        <line x1={LEFT} x2={across - LEFT} y1={floor + 0.5} y2={floor + 0.5} className="axis-line" />
        {ticksOf(0, top, 5).map((tick) => (
          <text
            key={tick}
            x={x(tick)}
            y={HEIGHT - 3}
            textAnchor={tick === 0 ? "start" : x(tick) > across - 20 ? "end" : "middle"}
            className="tick-text"
          >
            {tick}
          </text>
        ))}
        <text x={across - LEFT} y={TOP + 8} textAnchor="end" className="tick-text">
          {axis}
        </text>
        {here !== null && (
          <line x1={x(here.value)} x2={x(here.value)} y1={TOP} y2={floor} className="here">
            <title>{`${here.label}: ${Math.round(here.value)}`}</title>
          </line>
        )}
        {ticks.map(({ label, mark, colour, value }) => (
          <g key={label}>
            <path d={`M${x(value)} ${floor + 2}l5 9h-10z`} fill={colour} stroke="#171c22" strokeWidth="1" />
            <text x={x(value)} y={floor + 20} textAnchor="middle" className="tick-mark">
              {mark}
            </text>
            <title>{`${label}: ${Math.round(value)} ${unit}`}</title>
          </g>
        ))}
      </svg>
    </div>
  );
}
