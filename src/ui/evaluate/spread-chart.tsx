import { memo, useMemo, useState } from "react";
import { useEvaluated } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { type SpreadPoint, spreadCorrelation, spreadOf } from "../../state/evaluate/figures.ts";
import { decimals } from "../app/format.ts";
import { ChartFrame, type ChartScales } from "./chart-frame.tsx";
import { useMarks } from "./mark.tsx";
import type { SystemMark } from "./system-marks.ts";
import { useOpenCase } from "./use-open-case.ts";

/** A pointer this near to a point means it, in pixels. */
const REACH = 12;

interface Aimed {
  readonly name: string;
  readonly title: string;
  readonly point: SpreadPoint;
}

/** Do the samples part where the graders do? A point per case and system; a click opens its case. */
export function SpreadChart() {
  const systems = useEvaluated((state) => state.systems);
  const order = useEvaluated((state) => state.order);
  const marks = useMarks();
  const openCase = useOpenCase();
  const [aimed, setAimed] = useState<Aimed | null>(null);
  const clouds = useMemo(
    () => systems.map(({ name, title, rows }) => ({ name, title, points: spreadOf(rows, order?.count ?? 0) })),
    [systems, order],
  );
  const nearest = ({ x, y }: ChartScales, left: number, top: number): Aimed | null => {
    let best: Aimed | null = null;
    let reach = REACH;
    for (const { name, title, points } of clouds) {
      for (const point of points) {
        const off = Math.hypot(x(point.graders) - left, y(point.samples) - top);
        if (off < reach) [best, reach] = [{ name, title, point }, off];
      }
    }
    return best;
  };
  const said = clouds
    .filter(({ points }) => points.length > 0)
    .map(({ title, points }) => {
      const r = spreadCorrelation(points);
      const above = points.filter(({ graders, samples }) => samples > graders).length;
      return t`${title}: ${points.length} cases, r = ${decimals(r)}; its samples part more than the graders in ${above}`;
    });
  const one = order?.count === 1 ? t`One sample has no spread: ask for two or more.` : t`No cases yet.`;
  const caption = aimed && order?.pack.cases[aimed.point.row]?.title;
  return (
    <ChartFrame
      name={t`Spread of samples against graders`}
      summary={said.length === 0 ? one : `${said.join(". ")}.`}
      xLabel={t`graders, 1 − IoU`}
      yLabel={t`samples, 1 − IoU`}
      diagonal={t`samples part as graders do`}
      pointing={aimed !== null}
      onPoint={(scales, left, top, click) => {
        const found = nearest(scales, left, top);
        if (click && found) openCase(found.point.row, found.name);
        else if (found?.point !== aimed?.point) setAimed(found);
      }}
    >
      {(scales) => (
        <>
          {clouds.map(({ name, points }) => (
            <Cloud
              key={name}
              points={points}
              mark={marks(name)}
              x0={scales.x(0)}
              x1={scales.x(1)}
              y0={scales.y(0)}
              y1={scales.y(1)}
            />
          ))}
          {aimed && (
            <g>
              <circle
                cx={scales.x(aimed.point.graders)}
                cy={scales.y(aimed.point.samples)}
                r="8"
                fill="none"
                stroke="#fff"
                strokeWidth="1.5"
              />
              <text x={scales.x(0) + 8} y={scales.y(1) + 12} fill="#d9e0e7">
                {caption}{" "}
                {t`· ${aimed.title}: samples ${decimals(aimed.point.samples)}, graders ${decimals(aimed.point.graders)}`}
              </text>
            </g>
          )}
        </>
      )}
    </ChartFrame>
  );
}

/** Drawn anew only where its points or the frame are others: a run adds to one system at a time. */
const Cloud = memo(function Cloud(props: {
  readonly points: readonly SpreadPoint[];
  readonly mark: SystemMark;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}) {
  const { points, mark, x0, x1, y0, y1 } = props;
  return points.map(({ row, graders, samples }) => (
    <path
      key={row}
      d={mark.shape}
      fill={mark.colour}
      fillOpacity="0.8"
      transform={`translate(${x0 + graders * (x1 - x0)} ${y0 + samples * (y1 - y0)}) scale(3.6)`}
    />
  ));
});
