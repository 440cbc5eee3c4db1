import { scaleLinear } from "d3-scale";
import { type PointerEventHandler, type ReactNode, useRef } from "react";
import { said } from "../../state/app/speech.ts";
import { useSize } from "../controls/use-size.ts";

/** Colours are written out, not taken from the style sheet: the charts leave the page as a picture. */
export const INK = { text: "#9aa7b4", axis: "#465261", grid: "#232b34", diagonal: "#6b7885" } as const;

const MARGIN = { left: 48, right: 10, top: 8, bottom: 34 } as const;
const LEAST = { width: 220, height: 150 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Both axes run from 0 to 1. */
export interface ChartScales {
  x(value: number): number;
  y(value: number): number;
}

/** Axes from 0 to 1 with their names, the diagonal, and the summary of what is in them. */
export function ChartFrame(props: {
  readonly name: string;
  readonly summary: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Said along the diagonal. */
  readonly diagonal: string;
  children(scales: ChartScales): ReactNode;
  readonly onPoint?: (scales: ChartScales, x: number, y: number, click: boolean) => void;
  readonly pointing?: boolean;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame, LEAST);
  const x = scaleLinear([0, 1], [MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear([0, 1], [height - MARGIN.bottom, MARGIN.top]);
  const scales: ChartScales = { x, y };
  const hear =
    (click: boolean): PointerEventHandler<HTMLDivElement> =>
    (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      props.onPoint?.(scales, event.clientX - box.left, event.clientY - box.top, click);
    };
  return (
    // A point is for the hand: keys and screen readers have the table of cases.
    <div
      ref={frame}
      className={props.pointing ? "chart pointing" : "chart"}
      onPointerMove={hear(false)}
      onPointerUp={hear(true)}
      onPointerLeave={(event) => {
        if (event.pointerType === "mouse") props.onPoint?.(scales, Number.NaN, Number.NaN, false);
      }}
    >
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${props.name}. ${props.summary}`}
        data-chart={props.name}
        fontSize="11"
        fill={said(INK.text)}
      >
        {TICKS.map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={y(0)} y2={y(1)} stroke={tick === 0 ? INK.axis : INK.grid} />
            <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} stroke={tick === 0 ? INK.axis : INK.grid} />
            <text x={x(tick)} y={y(0) + 14} textAnchor={tick === 1 ? "end" : "middle"}>
              {tick}
            </text>
            <text x={MARGIN.left - 6} y={y(tick)} dy={tick === 1 ? "0.7em" : "0.32em"} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} stroke={INK.diagonal} strokeDasharray="4 4" />
        <text x={x(1) - 4} y={y(0) - 6} textAnchor="end">
          <tspan>– – </tspan>
          {props.diagonal}
        </text>
        <text x={(x(0) + x(1)) / 2} y={height - 4} textAnchor="middle">
          {props.xLabel}
        </text>
        <text transform={`translate(11 ${(y(0) + y(1)) / 2}) rotate(-90)`} textAnchor="middle">
          {props.yLabel}
        </text>
        {props.children(scales)}
      </svg>
    </div>
  );
}
