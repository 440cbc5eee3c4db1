import { scaleLinear } from "d3-scale";
import { useRef } from "react";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { areasAlong, readerAreas, type SliceAreas } from "../../state/lesion/figures.ts";
import { lesionOnScreen } from "../../state/lesion/keys.ts";
import { cutPlace, graderSlots } from "../../state/lesion/select.ts";
import { slotColour, slotDash } from "../app/colours.ts";
import { decimals } from "../app/format.ts";
import { useSize } from "../controls/use-size.ts";

const MARGIN = { left: 44, right: 10, top: 10, bottom: 32 } as const;
const LEAST = { width: 240, height: 150 };

/** Everybody's area along the slices: a line per grader, a band for the samples; a click shows the slice. */
export function AreaChart() {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame, LEAST);
  const areas = useSelect(areasAlong);
  const names = useSelect((state) => lesionOnScreen(state)?.graderNames);
  const inMm = useSelect((state) => lesionOnScreen(state)?.spacingMm != null);
  const slots = useSelect(graderSlots);
  const place = useSelect(cutPlace);
  const reader = useSelect(readerAreas);
  const { cutAt } = useActions();
  const placed = [...areas].sort((a, b) => a.place - b.place);
  const most = Math.max(
    1,
    ...placed.flatMap(({ graders, samples, chosen }) => [...graders, samples[2], chosen ?? 0]),
    ...(reader?.values() ?? []),
  );
  const [first, last] = [placed[0]?.place ?? 0, placed.at(-1)?.place ?? 1];
  const x = scaleLinear([first, Math.max(last, first + 1)], [MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear([0, most], [height - MARGIN.bottom, MARGIN.top]).nice(4);
  const line = (of: (slice: SliceAreas) => number) => placed.map((one) => `${x(one.place)},${y(of(one))}`).join(" ");
  const band = `${line(({ samples }) => samples[0])} ${[...placed]
    .reverse()
    .map((one) => `${x(one.place)},${y(one.samples[2])}`)
    .join(" ")}`;
  const unit = inMm ? "mm²" : "px";
  const show = (at: number) => {
    const nearest = placed.reduce<SliceAreas | null>(
      (best, one) => (best && Math.abs(best.place - at) <= Math.abs(one.place - at) ? best : one),
      null,
    );
    if (nearest && place) cutAt([place[0], place[1], nearest.index]);
  };
  const here = placed.find(({ index }) => index === place?.[2]);
  return (
    // Keys and screen readers have the slider of slices and the table.
    <div
      ref={frame}
      className="chart along"
      onPointerDown={(event) => show(x.invert(event.clientX - event.currentTarget.getBoundingClientRect().left))}
    >
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={t`Area along the slices`}
        data-chart="Area along the slices"
        fontSize="11"
      >
        <desc>{summaryOf(placed, names ?? [], unit)}</desc>
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} className="grid-line" />
            <text x={MARGIN.left - 6} y={y(tick)} dy="0.32em" textAnchor="end" className="tick-text">
              {tick}
            </text>
          </g>
        ))}
        {x.ticks(6).map((tick) => (
          <text key={tick} x={x(tick)} y={height - MARGIN.bottom + 14} textAnchor="middle" className="tick-text">
            {decimals(tick, 0)}
          </text>
        ))}
        {placed.length > 0 && <polygon points={band} className="band" />}
        <polyline points={line(({ samples }) => samples[1])} className="middle" />
        {slots.map((slot, g) => (
          <polyline
            key={names?.[g]}
            points={line(({ graders }) => graders[g] ?? 0)}
            fill="none"
            stroke={slotColour(slot)}
            strokeWidth="1.5"
            strokeDasharray={slotDash(slot).join(" ")}
          >
            <title>{names?.[g]}</title>
          </polyline>
        ))}
        {placed[0]?.chosen != null && <polyline points={line(({ chosen }) => chosen ?? 0)} className="chosen" />}
        {reader && <polyline points={line(({ index }) => reader.get(index) ?? 0)} className="reader" />}
        {here && (
          <line x1={x(here.place)} x2={x(here.place)} y1={MARGIN.top} y2={height - MARGIN.bottom} className="here" />
        )}
        <text x={width - MARGIN.right} y={height - 4} textAnchor="end" className="tick-text">
          {inMm ? t`along the normal, mm` : t`slice`}
        </text>
        <text x={MARGIN.left + 6} y={MARGIN.top + 8} className="tick-text">
          {t`area, ${unit}`}
        </text>
      </svg>
    </div>
  );
}

function summaryOf(areas: readonly SliceAreas[], names: readonly string[], unit: string): string {
  if (areas.length === 0) return t`No slices yet.`;
  const largest = (of: (slice: SliceAreas) => number) => decimals(Math.max(...areas.map(of)), 0);
  const graders = names.map((name, g) => `${name} ${largest(({ graders: all }) => all[g] ?? 0)}`);
  const all = [t`samples ${largest(({ samples }) => samples[1])}`, ...graders];
  return t`${areas.length} slices; largest area in ${unit}: ${all.join(", ")}.`;
}
