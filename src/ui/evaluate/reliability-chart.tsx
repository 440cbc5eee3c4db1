import { useMemo } from "react";
import { say } from "../../core/language/say.ts";
import { useEvaluated } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { overallOf } from "../../state/evaluate/figures.ts";
import { decimals } from "../app/format.ts";
import { ChartFrame } from "./chart-frame.tsx";
import { useMarks } from "./mark.tsx";

/** What of the systems is held against the graders: what they say of pixels, or of whether there is anything at all. */
export type Told = "pixels" | "presence";

const WORDS = {
  pixels: {
    summary: say`Mean probability → share of graders`,
    x: say`mean probability of the samples`,
    y: say`share of graders`,
  },
  presence: {
    summary: say`Share of samples that mark anything → share of graders who do`,
    x: say`share of samples that mark anything`,
    y: say`share of graders who do`,
  },
} as const;

/** How often graders mark where each system says p, or draw anything where it does. */
export function ReliabilityChart({ of }: { readonly of: Told }) {
  const systems = useEvaluated((state) => state.systems);
  const marks = useMarks();
  const curves = useMemo(
    () =>
      systems.flatMap(({ name, title, rows }) => {
        const overall = overallOf(rows);
        const found = of === "pixels" ? overall?.reliability : overall?.presenceReliability;
        return found ? [{ name, title, ...found }] : [];
      }),
    [systems, of],
  );
  const parts = curves.map(({ title, ece, bins }) => {
    const full = bins.flatMap(({ confidence, frequency }) =>
      confidence === null ? [] : [`${decimals(confidence)} → ${decimals(frequency)}`],
    );
    return `${title}: ECE ${decimals(ece, 3)}; ${full.join(", ")}`;
  });
  return (
    <ChartFrame
      name={t`Reliability curve`}
      summary={parts.length === 0 ? t`No cases yet.` : `${said(WORDS[of].summary)}. ${parts.join(". ")}.`}
      xLabel={said(WORDS[of].x)}
      yLabel={said(WORDS[of].y)}
      diagonal={t`calibrated`}
    >
      {({ x, y }) =>
        curves.map(({ name, bins }) => {
          const { colour, shape, dash } = marks(name);
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
                strokeDasharray={dash}
              />
              {points.map(({ at, weight }, bin) => (
                <path
                  key={bin}
                  d={shape}
                  fill={colour}
                  // the area of a mark grows with the pixels or cases of its bin
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
