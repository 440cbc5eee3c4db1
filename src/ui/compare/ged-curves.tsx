import { scaleLinear } from "d3-scale";
import { useLayoutEffect, useRef, useState } from "react";
import { useExplorer, useSelect } from "../../state/app/react.tsx";
import type { State } from "../../state/app/shape.ts";
import { t } from "../../state/app/speech.ts";
import { columnCurve, gradersCurve } from "../../state/compare/select.ts";
import { decimals } from "../app/format.ts";
import { Panel } from "../controls/panel.tsx";
import type { SystemMark } from "../evaluate/system-marks.ts";
import { columnLook } from "./column-look.ts";
import { CompareDownload } from "./compare-download.tsx";

const LEFT = 52;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 34;

interface Line {
  readonly title: string;
  readonly values: readonly number[];
  readonly look: SystemMark;
}

/** GED² of this case against the number of samples: one line per system, and what the graders themselves would score. */
export function GedCurves() {
  const key = useSelect(curvesKey);
  const { store } = useExplorer();
  const lines = linesOf(store.getState());
  const graders = useSelect(gradersCurve);
  const some = lines.some(({ values }) => values.length > 0);
  return (
    <Panel
      name={t`GED² against the number of samples`}
      className="ged-curves"
      aside={
        <>
          <p
            className="sentence"
            title={t`At n samples: the mean over all choices of n of the samples drawn, so that their order does not matter; biased, as in the paper: a sample is compared with itself too`}
          >{t`this case, n of the samples drawn; 0 = spread as the graders are`}</p>
          <CompareDownload />
        </>
      }
    >
      {some ? (
        <div className="curves-body" data-curves={key}>
          <Chart lines={lines} graders={graders} />
          <Legend lines={lines} graders={graders} />
        </div>
      ) : (
        <p className="sentence">{waitingText(store.getState())}</p>
      )}
    </Panel>
  );
}

/** Changes where a line does. */
function curvesKey(state: State): string {
  return linesOf(state)
    .map(({ title, values }) => `${title}:${values.map((value) => value.toFixed(4)).join()}`)
    .join(";");
}

function linesOf(state: State): readonly Line[] {
  return state.compare.systems.map((name, index) => ({
    title: state.models.find((model) => model.name === name)?.config.title ?? name,
    values: columnCurve(state, name),
    look: columnLook(index),
  }));
}

function waitingText(state: State): string {
  const graders = gradersCurve(state).length > 0 || state.compare.systems.every((name) => columnCurve(state, name));
  return graders && state.drawn === null
    ? t`The curves come with the first samples.`
    : t`No graders marked this slice: there is nothing to hold the samples against. Open their masks, or choose an example.`;
}

/** The width and height that the element has. */
function useSize() {
  const element = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 600, height: 160 });
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const measure = () =>
      setSize({
        width: Math.max(220, Math.floor(box.clientWidth)),
        height: Math.max(110, Math.floor(box.clientHeight)),
      });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return { element, ...size };
}

function Chart({ lines, graders }: { lines: readonly Line[]; graders: readonly number[] }) {
  const { element, width, height } = useSize();
  const longest = Math.max(2, ...lines.map(({ values }) => values.length));
  const all = [...lines.flatMap(({ values }) => values), ...graders];
  const x = scaleLinear([1, longest], [LEFT, width - RIGHT]);
  const y = scaleLinear([Math.min(0, ...all), Math.max(0.1, ...all)], [height - BOTTOM, TOP]).nice(4);
  const floor = height - BOTTOM;
  const steps = x.ticks(Math.min(longest, 16)).filter((n) => Number.isInteger(n));
  const path = (values: readonly number[]) =>
    values.map((value, i) => `${i === 0 ? "M" : "L"}${x(i + 1).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  return (
    <div ref={element} className="chart">
      <svg width={width} height={height} role="img" aria-label={summaryOf(lines, graders)}>
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line
              x1={LEFT}
              x2={width - RIGHT}
              y1={y(tick)}
              y2={y(tick)}
              className={tick === 0 ? "axis-line" : "grid"}
            />
            <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end" className="tick-text">
              {decimals(tick)}
            </text>
          </g>
        ))}
        {steps.map((tick) => (
          <text key={tick} x={x(tick)} y={floor + 15} textAnchor="middle" className="tick-text">
            {tick}
          </text>
        ))}
        <text
          x={(LEFT + width - RIGHT) / 2}
          y={height - 4}
          textAnchor="middle"
          className="axis-text"
        >{t`samples n`}</text>
        <text
          transform={`translate(12 ${(TOP + floor) / 2}) rotate(-90)`}
          textAnchor="middle"
          className="axis-text"
        >{t`GED² (biased)`}</text>
        <path d={path(graders)} className="graders-line" />
        {lines.map(({ title, values, look }) => (
          <g key={title}>
            <path d={path(values)} fill="none" stroke={look.colour} strokeWidth="1.75" strokeDasharray={look.dash} />
            {values.map((value, i) => (
              <path
                key={i}
                d={look.shape}
                transform={markAt(x(i + 1), y(value))}
                fill={look.colour}
                className="mark-at"
              >
                <title>{`${title}, n = ${i + 1}: ${decimals(value, 3)}`}</title>
              </path>
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

function Legend({ lines, graders }: { lines: readonly Line[]; graders: readonly number[] }) {
  return (
    <ul className="curve-legend">
      {lines.map(({ title, values, look }) => (
        <li key={title}>
          <svg width="34" height="12" aria-hidden="true">
            <path d="M1 6H33" stroke={look.colour} strokeWidth="1.75" strokeDasharray={look.dash} />
            <path d={look.shape} transform={markAt(17, 6)} fill={look.colour} />
          </svg>
          <span>{title}</span>
          <span className="dim value">{values.length === 0 ? "…" : decimals(values.at(-1), 3)}</span>
        </li>
      ))}
      {graders.length > 0 && (
        <li
          title={t`What n masks drawn by chance from the graders themselves are expected to score: their own spread over n`}
        >
          <svg width="34" height="12" aria-hidden="true">
            <path d="M1 6H33" className="graders-line" />
          </svg>
          <span>{t`n of the graders themselves`}</span>
          <span className="dim value">{decimals(graders.at(-1), 3)}</span>
        </li>
      )}
    </ul>
  );
}

function markAt(x: number, y: number): string {
  return `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(3)`;
}

function summaryOf(lines: readonly Line[], graders: readonly number[]): string {
  const said = lines
    .filter(({ values }) => values.length > 0)
    .map(
      ({ title, values }) =>
        t`${title} ${decimals(values[0])} at n = 1 and ${decimals(values.at(-1))} at n = ${values.length}`,
    );
  const own =
    graders.length > 0 ? t`; the graders themselves ${decimals(graders.at(-1))} at n = ${graders.length}` : "";
  return t`GED² against the number of samples: ${said.join("; ")}${own}`;
}
