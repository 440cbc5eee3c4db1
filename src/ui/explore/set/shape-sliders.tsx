import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { SHAPE_REACH, shapeModesOf, shapeSigma } from "../../../state/explore/set/shape.ts";
import { signed } from "../../app/format.ts";
import { InfoButton } from "../../concepts/info-button.tsx";
import { LabelledRange } from "../../controls/labelled-range.tsx";

/** Sliders without z: how the samples' shapes differ, strongest first. They move the outline that is shown. */
export function ShapeSliders() {
  const modes = useSelect(shapeModesOf);
  const sigma = useSelect(shapeSigma);
  const { moveShape, meanShape, leaveShape } = useActions();
  if (!modes) {
    return <p className="sentence">{t`Modes take two samples that mark something.`}</p>;
  }
  const without = modes.empty === 0 ? "" : t`, ${modes.empty} empty left out`;
  return (
    <div className="shape-sliders">
      <div className="row">
        <span className="dim">{t`Modes of ${modes.used} shapes${without}`}</span>
        <InfoButton about="shape-modes" n={t`${modes.used} shapes`} />
        <button
          type="button"
          className="quiet spread"
          aria-pressed={sigma !== null}
          onClick={meanShape}
        >{t`Mean shape`}</button>
        <button type="button" className="quiet" disabled={sigma === null} onClick={leaveShape}>{t`The sample`}</button>
      </div>
      {modes.modes.length === 0 && <p className="sentence">{t`All of them are the same shape.`}</p>}
      {modes.modes.map(({ share }, k) => (
        <LabelledRange
          key={k}
          label={t`mode ${k + 1}`}
          min={-SHAPE_REACH}
          max={SHAPE_REACH}
          step={0.1}
          value={sigma?.[k] ?? 0}
          shown={`${signed(sigma?.[k] ?? 0, 1)} σ · ${Math.round(100 * share)} %`}
          hint={t`${Math.round(100 * share)} % of the variance of the shapes' distance maps`}
          onChange={(to) => moveShape(k, to)}
        />
      ))}
    </div>
  );
}
