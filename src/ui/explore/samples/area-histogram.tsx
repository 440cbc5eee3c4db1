import { scaleLinear } from "d3-scale";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { areaPx } from "../../../core/values/slice.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { frameOnScreen } from "../../../state/cases/on-screen.ts";
import { currentMask, outliningGraders, pixelArea, sampleAreas } from "../../../state/explore/masks.ts";
import { slotColour } from "../../app/colours.ts";
import { areaNumber, areaUnit } from "../../app/format.ts";

const HEIGHT = 86;
const LEFT = 6;
const BOTTOM = 30;
const TOP = 4;

/** How large the samples are, with a tick for each grader and one for the z on the sliders. */
export function AreaHistogram() {
  const frame = useRef<HTMLDivElement>(null);
  const [across, setAcross] = useState(320);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setAcross(Math.max(160, Math.round(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const areas = useSelect(sampleAreas);
  const graders = useSelect(outliningGraders);
  const current = useSelect(currentMask);
  const perPx = useSelect((state) => pixelArea(frameOnScreen(state)?.slice));
  const unit = areaUnit(perPx);
  const here = current ? areaNumber(areaPx(current), perPx) : null;

  const { x, bins, tallest, empty } = useMemo(() => {
    const values = areas.map((px) => areaNumber(px, perPx));
    const most = Math.max(1, ...values, ...graders.map((grader) => areaNumber(grader.areaPx, perPx)));
    const x = scaleLinear([0, most], [LEFT, across - LEFT]).nice(6);
    const count = Math.min(24, Math.max(8, Math.ceil(Math.sqrt(values.length) * 4)));
    const top = x.domain()[1] ?? most;
    const bins = new Array<number>(count).fill(0);
    for (const value of values) {
      const bin = Math.min(count - 1, Math.floor((value / top) * count));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    return { x, bins, tallest: Math.max(1, ...bins), empty: values.filter((value) => value === 0).length };
  }, [areas, graders, perPx, across]);

  const floor = HEIGHT - BOTTOM;
  const width = (across - 2 * LEFT) / bins.length;
  const summary = `Areas of ${areas.length} samples in ${unit}, ${empty} of them empty; graders: ${graders
    .map(({ label, areaPx: px }) => `${label} ${Math.round(areaNumber(px, perPx))}`)
    .join(", ")}`;
  return (
    <div ref={frame} className="histogram">
      <svg width={across} height={HEIGHT} role="img" aria-label={summary}>
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
        {x.ticks(5).map((tick) => (
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
          area, {unit}
        </text>
        {here !== null && (
          <line x1={x(here)} x2={x(here)} y1={TOP} y2={floor} className="here">
            <title>z now: {Math.round(here)}</title>
          </line>
        )}
        {graders.map(({ label, slot, areaPx: px }) => {
          const at = x(areaNumber(px, perPx));
          return (
            <g key={label}>
              <path d={`M${at} ${floor + 2}l5 9h-10z`} fill={slotColour(slot)} stroke="#171c22" strokeWidth="1" />
              <title>{`${label}: ${Math.round(areaNumber(px, perPx))} ${unit}`}</title>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
