import { useMemo } from "react";
import { useEvaluated } from "../../state/app/react.tsx";
import { overallOf } from "../../state/evaluate/figures.ts";
import { decimals } from "../app/format.ts";
import { ChartFrame } from "./chart-frame.tsx";
import { useMarks } from "./mark.tsx";

/** How often graders mark where each system says p. */
export function ReliabilityChart() {
  const systems = useEvaluated((state) => state.systems);
  const marks = useMarks();
  const curves = useMemo(
    () =>
      systems.flatMap(({ name, title, rows }) => {
        const overall = overallOf(rows);
        return overall ? [{ name, title, ...overall.reliability }] : [];
      }),
    [systems],
  );
  const said = curves.map(({ title, ece, bins }) => {
    const full = bins.flatMap(({ confidence, frequency }) =>
      confidence === null ? [] : [`${decimals(confidence)} → ${decimals(frequency)}`],
    );
    return `${title}: ECE ${decimals(ece, 3)}; ${full.join(", ")}`;
  });
  return (
    <ChartFrame
      name="Reliability curve"
      summary={said.length === 0 ? "No cases yet." : `Mean probability → share of graders. ${said.join(". ")}.`}
      xLabel="mean probability of the samples"
      yLabel="share of graders"
      diagonal="calibrated"
    >
      {({ x, y }) =>
        curves.map(({ name, bins }) => {
          const { colour, shape } = marks(name);
          const points = bins.flatMap(({ confidence, frequency, weight }) =>
            confidence === null || frequency === null ? [] : [{ at: [x(confidence), y(frequency)] as const, weight }],
          );
          return (
            <g key={name}>
              <polyline
                points={points.map(({ at }) => at.join(",")).join(" ")}
                fill="none"
                stroke={colour}
                strokeWidth="1.6"
              />
              {points.map(({ at, weight }, bin) => (
                <path
                  key={bin}
                  d={shape}
                  fill={colour}
                  // the area of a mark grows with the pixels of its bin
                  transform={`translate(${at[0]} ${at[1]}) scale(${2 + 5 * Math.sqrt(weight)})`}
                />
              ))}
            </g>
          );
        })
      }
    </ChartFrame>
  );
}
