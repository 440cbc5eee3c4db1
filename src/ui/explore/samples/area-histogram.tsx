import { useMemo } from "react";
import { areaPx } from "../../../core/values/slice.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { frameOnScreen } from "../../../state/cases/on-screen.ts";
import { outliningGraders, pixelArea, sampleAreas } from "../../../state/explore/masks.ts";
import { currentMask } from "../../../state/explore/shown.ts";
import { slotColour } from "../../app/colours.ts";
import { areaNumber, areaUnit } from "../../app/format.ts";
import { InfoButton } from "../../concepts/info-button.tsx";
import { Histogram } from "../../controls/histogram.tsx";

/** How large the samples are, with a tick for each grader and one for the z on the sliders. */
export function AreaHistogram() {
  const areas = useSelect(sampleAreas);
  const graders = useSelect(outliningGraders);
  const current = useSelect(currentMask);
  const perPx = useSelect((state) => pixelArea(frameOnScreen(state)?.slice));
  const unit = areaUnit(perPx);
  const values = useMemo(() => areas.map((px) => areaNumber(px, perPx)), [areas, perPx]);
  const ticks = useMemo(
    () =>
      graders.map(({ label, mark, slot, areaPx: px }) => ({
        label,
        mark,
        colour: slotColour(slot),
        value: areaNumber(px, perPx),
      })),
    [graders, perPx],
  );
  const empty = values.filter((value) => value === 0).length;
  const theirs = ticks.map(({ label, value }) => `${label} ${Math.round(value)}`).join(", ");
  return (
    <div className="with-info">
      <Histogram
        summary={t`Areas of ${areas.length} samples in ${unit}, ${empty} of them empty; graders: ${theirs}`}
        values={values}
        axis={t`area, ${unit}`}
        unit={unit}
        ticks={ticks}
        here={current && { label: t`z now`, value: areaNumber(areaPx(current), perPx) }}
      />
      <InfoButton about="areas" value={areasSaid(values, unit)} n={t`${values.length} samples`} />
    </div>
  );
}

function areasSaid(values: readonly number[], unit: string): string {
  if (values.length === 0) return "–";
  return `${Math.round(Math.min(...values))}–${Math.round(Math.max(...values))} ${unit}`;
}
