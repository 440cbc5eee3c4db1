import { scaleLog } from "d3-scale";
import { memo, useMemo, useRef, useState } from "react";
import { counted, t } from "../../../state/app/speech.ts";
import type { PackLesion } from "../../../state/evaluate/lesions/lesion-lines.ts";
import type { LesionsOfPack } from "../../../state/evaluate/lesions/lesions-of-pack.ts";
import { decimals } from "../../app/format.ts";
import { Panel } from "../../controls/panel.tsx";
import { useSize } from "../../controls/use-size.ts";
import { INK } from "../chart-frame.tsx";
import { useOpenInPack } from "../use-open-case.ts";

const MARGIN = { left: 52, right: 12, top: 8, bottom: 22 } as const;
const LEAST = { width: 240, height: 200 };
const [BAND, MIDDLE, INSIDE, OUTSIDE] = ["#2f5d8a", "#8ab8ff", "#e8edf2", "#ff9d5c"];
/** A bar is no wider, px. */
const WIDEST = 26;

/** Each lesion's 90 % interval of the model, with the graders' volumes, on a log axis; a click opens the lesion's case. */
export function LesionsChart(props: {
  readonly value: LesionsOfPack;
  readonly lines: readonly PackLesion[];
  readonly said: string;
}) {
  const { value, lines, said } = props;
  const sorted = useMemo(() => [...lines].sort((a, b) => a.size - b.size || a.row - b.row), [lines]);
  const [aimed, setAimed] = useState<number | null>(null);
  const openCase = useOpenInPack();
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame, LEAST);
  const across = (width - MARGIN.left - MARGIN.right) / sorted.length;
  const at = (event: React.PointerEvent) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left - MARGIN.left;
    const place = Math.floor(left / across);
    return place >= 0 && place < sorted.length ? place : null;
  };
  const line = aimed === null ? undefined : sorted[aimed];
  return (
    <Panel
      name={t`Intervals`}
      className="lesions-chart"
      aside={<p className="sentence">{line ? caption(line) : t`Lesions by volume; a click opens one.`}</p>}
    >
      {/* A bar is for the hand: keys and screen readers have the table of lesions. */}
      <div
        ref={frame}
        className={line ? "chart lesions pointing" : "chart lesions"}
        onPointerMove={(event) => setAimed(at(event))}
        onPointerLeave={() => setAimed(null)}
        onPointerUp={(event) => {
          const found = sorted[at(event) ?? -1];
          if (found) openCase(value.pack.shelf, found.opens, value.drawn);
        }}
      >
        <Bars lines={sorted} width={width} height={height} aimed={aimed} said={said} />
      </div>
      <p className="legend lesions-legend">
        {value.drawn && (
          <>
            <span className="key-lesion-band">{t`90 % of the samples`}</span>
            <span className="key-lesion-middle">{t`their median`}</span>
          </>
        )}
        <span className="key-lesion-grader">{t`grader`}</span>
        {value.drawn && <span className="key-lesion-outside">{t`grader outside`}</span>}
      </p>
      <p className="sentence caution">{said}</p>
    </Panel>
  );
}

function caption({ title, graders, model }: PackLesion): string {
  const theirs = graders.map((volume) => decimals(volume, 0)).join(", ");
  if (!model) return t`${title}: graders ${theirs} mm³`;
  const [low, high] = model.interval90;
  return t`${title}: ${decimals(low, 0)}–${decimals(high, 0)} mm³, graders ${theirs}`;
}

/** Drawn anew where its lesions, the frame or the one pointed at are others. */
const Bars = memo(function Bars(props: {
  readonly lines: readonly PackLesion[];
  readonly width: number;
  readonly height: number;
  readonly aimed: number | null;
  readonly said: string;
}) {
  const { lines, width, height, aimed, said } = props;
  const volumes = lines.flatMap(({ graders, model }) => [...graders, ...(model?.interval90 ?? [])]);
  const [low, high] = [Math.min(...volumes) / 1.1, Math.max(...volumes) * 1.1];
  const y = scaleLog([low, high], [height - MARGIN.bottom, MARGIN.top]);
  const across = (width - MARGIN.left - MARGIN.right) / lines.length;
  const bar = Math.max(1, Math.min(WIDEST, 0.62 * across));
  const middle = (i: number) => MARGIN.left + (i + 0.5) * across;
  const judged = lines.flatMap(({ graders, model }) => (model ? [{ of: graders.length, covered: model.covered }] : []));
  const covered = judged.reduce((sum, one) => sum + one.covered, 0);
  const all = judged.reduce((sum, { of }) => sum + of, 0);
  const summary =
    all === 0
      ? t`Graders' volumes from ${decimals(Math.min(...volumes), 0)} to ${decimals(Math.max(...volumes), 0)} mm³`
      : t`${covered} of ${all} graders' volumes lie in the 90 % intervals`;
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={t`Volumes of lesions. ${summary}. ${said}`}
      data-chart="Volumes of lesions"
      fontSize="11"
      fill={INK.text}
    >
      {ticksOf(low, high).map((tick) => (
        <g key={tick}>
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} stroke={INK.grid} />
          <text x={MARGIN.left - 6} y={y(tick)} dy="0.32em" textAnchor="end">
            {decimals(tick, 0)}
          </text>
        </g>
      ))}
      <path
        d={`M${MARGIN.left} ${MARGIN.top}V${height - MARGIN.bottom}H${width - MARGIN.right}`}
        fill="none"
        stroke={INK.axis}
      />
      {aimed !== null && (
        <rect
          x={middle(aimed) - across / 2}
          y={MARGIN.top}
          width={across}
          height={height - MARGIN.top - MARGIN.bottom}
          fill="#fff"
          fillOpacity="0.08"
        />
      )}
      {lines.map(({ row, graders, model }, i) => (
        <g key={row}>
          {model && (
            <>
              <rect
                x={middle(i) - bar / 2}
                y={y(model.interval90[1])}
                width={bar}
                height={Math.max(1, y(model.interval90[0]) - y(model.interval90[1]))}
                fill={BAND}
              />
              <path d={`M${middle(i) - bar / 2} ${y(model.median)}h${bar}`} stroke={MIDDLE} strokeWidth="2" />
            </>
          )}
          {graders.map((volume, g) => {
            const outside = model !== null && (volume < model.interval90[0] || volume > model.interval90[1]);
            return (
              <circle
                key={g}
                cx={middle(i) + (g - (graders.length - 1) / 2) * Math.min(4, bar / graders.length)}
                cy={y(volume)}
                r={across < 8 ? 1.4 : 2.2}
                fill={outside ? OUTSIDE : INSIDE}
              />
            );
          })}
        </g>
      ))}
      <text x={(MARGIN.left + width) / 2} y={height - 5} textAnchor="middle">
        {counted(lines.length, { one: "# lesion", other: "# lesions, by the graders’ median volume" })}
      </text>
      <text
        transform={`translate(11 ${(height - MARGIN.bottom) / 2}) rotate(-90)`}
        textAnchor="middle"
      >{t`volume, mm³`}</text>
    </svg>
  );
});

/** 1, 2 and 5 times powers of ten; powers of ten alone where those are more than ten. */
function ticksOf(low: number, high: number): readonly number[] {
  const powers = Array.from({ length: 12 }, (_, k) => 10 ** (k - 3)).flatMap((power) => [power, 2 * power, 5 * power]);
  const inside = powers.filter((tick) => tick >= low && tick <= high);
  return inside.length > 10 ? inside.filter((tick) => Number.isInteger(Math.log10(tick))) : inside;
}
