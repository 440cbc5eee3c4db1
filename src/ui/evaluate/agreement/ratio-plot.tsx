import { scaleLog } from "d3-scale";
import { useMemo, useRef, useState } from "react";
import { t } from "../../../state/app/speech.ts";
import { type RatioChart, ratioChart } from "../../../state/evaluate/agreement/ratio-chart.ts";
import type { ReadersOfPack } from "../../../state/evaluate/agreement/readers-of-pack.ts";
import { decimals } from "../../app/format.ts";
import { useSize } from "../../controls/use-size.ts";
import { INK } from "../chart-frame.tsx";

const MARGIN = { left: 44, right: 12, top: 8, bottom: 32 } as const;
const LEAST = { width: 220, height: 170 };
const ALL = "all";
const POINT = "#8ab8ff";
/** Marked on the axis where no limits are. */
const DOUBLINGS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 2, 4, 8, 16];

/** Two readers' areas as ratios, with bias and limits of agreement; or everybody's, against the case's geometric mean. */
export function RatioPlot({ value }: { readonly value: ReadersOfPack }) {
  const { blandAltman, icc } = value.figures;
  const [wanted, setWanted] = useState(ALL);
  const pair = wanted !== ALL && blandAltman?.[Number(wanted)] ? Number(wanted) : null;
  const chart = useMemo(() => ratioChart(value, pair), [value, pair]);
  const inMm = value.study.cases.every(({ sizes }) => sizes !== null);
  if (chart.points.length === 0) return <p className="sentence">{t`There are no two areas that could be compared.`}</p>;
  const factor = icc["area"]?.ratio_of_two;
  const { limits } = chart;
  return (
    <>
      <select
        aria-label={t`Readers compared`}
        value={pair === null ? ALL : wanted}
        onChange={({ target }) => setWanted(target.value)}
      >
        <option value={ALL}>{t`All, to the case’s mean`}</option>
        {blandAltman?.map(({ a, b }, i) => (
          <option key={`${a} ${b}`} value={i}>
            {t`${a} to ${b}`}
          </option>
        ))}
      </select>
      <Plot chart={chart} unit={inMm ? "mm²" : "px"} />
      <p className="sentence">
        {limits
          ? t`Ratio ${decimals(limits.bias)} in the mean, limits of agreement ${decimals(limits.lower)} to ${decimals(limits.upper)}.`
          : factor
            ? t`Two readings of one case differ by a factor under ${decimals(factor)}, 95 times of 100.`
            : ""}
      </p>
    </>
  );
}

function Plot({ chart, unit }: { readonly chart: RatioChart; readonly unit: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame, LEAST);
  const { points, limits } = chart;
  const means = points.map(({ mean }) => mean);
  const lines = limits ? [limits.lower, limits.bias, limits.upper] : [1];
  const farthest = Math.max(1.1, ...[...points.map(({ ratio }) => ratio), ...lines].map((r) => Math.max(r, 1 / r)));
  const x = scaleLog([Math.min(...means) / 1.1, Math.max(...means) * 1.1], [MARGIN.left, width - MARGIN.right]);
  const y = scaleLog([1 / (1.05 * farthest), 1.05 * farthest], [height - MARGIN.bottom, MARGIN.top]);
  const ticks = limits ? [] : DOUBLINGS.filter((ratio) => Math.max(ratio, 1 / ratio) <= farthest);
  const said = limits
    ? t`bias ${decimals(limits.bias)}, limits ${decimals(limits.lower)} to ${decimals(limits.upper)}`
    : t`no pair is chosen`;
  return (
    <div ref={frame} className="chart ratios">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={t`Ratios of areas. ${points.length} points, ${said}.`}
        data-chart="Ratios of areas"
        fontSize="11"
        fill={INK.text}
      >
        <path
          d={`M${MARGIN.left} ${MARGIN.top}V${height - MARGIN.bottom}H${width - MARGIN.right}`}
          fill="none"
          stroke={INK.axis}
        />
        {lines.map((ratio, i) => (
          <g key={i}>
            <line
              x1={MARGIN.left}
              x2={width - MARGIN.right}
              y1={y(ratio)}
              y2={y(ratio)}
              stroke={INK.diagonal}
              strokeDasharray={i === 1 || lines.length === 1 ? undefined : "4 4"}
            />
            <text x={MARGIN.left - 6} y={y(ratio)} dy="0.32em" textAnchor="end">
              {decimals(ratio)}
            </text>
          </g>
        ))}
        {ticks.map((ratio) => (
          <text key={ratio} x={MARGIN.left - 6} y={y(ratio)} dy="0.32em" textAnchor="end">
            {ratio < 1 ? `1/${1 / ratio}` : ratio}
          </text>
        ))}
        {points.map(({ at, mean, ratio }, i) => (
          <circle key={`${at} ${i}`} cx={x(mean)} cy={y(ratio)} r="2.5" fill={POINT} fillOpacity="0.7" />
        ))}
        {[Math.min(...means), Math.max(...means)].map((mean, i) => (
          <text key={i} x={x(mean)} y={height - MARGIN.bottom + 14} textAnchor={i === 0 ? "start" : "end"}>
            {decimals(mean, 0)}
          </text>
        ))}
        <text x={(MARGIN.left + width) / 2} y={height - 4} textAnchor="middle">
          {t`geometric mean, ${unit}`}
        </text>
      </svg>
    </div>
  );
}
