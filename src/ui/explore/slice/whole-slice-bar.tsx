import { useActions, useSelect } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { LAYER_STYLES } from "../../../state/explore/layers.ts";
import type { WholeLayer, WholeMap } from "../../../state/explore/whole/whole-map.ts";
import { wholeIsPossible, wholeMap, wholeOnScreen } from "../../../state/explore/whole/whole-slice.ts";
import { isQuick } from "../../../state/models/model.ts";
import { decimals } from "../../app/format.ts";
import { gradientCss } from "../../canvas/colour-bar.ts";
import { ChoiceStrip } from "../../controls/choice-strip.tsx";
import { IconButton } from "../../controls/icon-button.tsx";
import { LabelledRange } from "../../controls/labelled-range.tsx";
import "../../style/whole-slice.css";

/** Where graders would disagree in the whole slice: asked for, under way, or shown with its legend. */
export function WholeSliceBar() {
  const whole = useSelect(wholeOnScreen);
  const running = useSelect((state) => state.jobs.whole !== undefined);
  if (running) return <Running />;
  return whole ? <Shown whole={whole} /> : <Ask />;
}

function Ask() {
  const possible = useSelect(wholeIsPossible);
  const slow = useSelect((state) => state.model !== null && !isQuick(state));
  const given = useSelect((state) => state.model?.value.choice === "samples");
  const { mapWholeSlice } = useActions();
  if (given) {
    return (
      <div className="whole-slice row">
        <span className="dim">{t`No map of the whole slice: it takes a network, and these samples were given.`}</span>
      </div>
    );
  }
  return (
    <div className="whole-slice row">
      <button type="button" disabled={!possible} onClick={mapWholeSlice}>{t`Map the whole slice`}</button>
      <span className="dim">{slow ? t`too slow with this system` : t`where may graders part?`}</span>
    </div>
  );
}

function Running() {
  const progress = useSelect((state) => state.jobs.whole?.progress ?? null);
  const { cancel } = useActions();
  return (
    <div className="whole-slice row">
      <progress aria-label={t`Mapping the whole slice`} {...(progress === null ? {} : { value: progress })} max={1} />
      <span className="dim">{t`Mapping the whole slice${progress === null ? "" : ` ${Math.round(100 * progress)} %`}`}</span>
      <button type="button" onClick={() => cancel("whole")}>{t`Cancel`}</button>
    </div>
  );
}

const LAYERS: readonly WholeLayer[] = ["mean", "variance"];

function Shown({ whole }: { whole: WholeMap }) {
  const { layer, opacity } = useSelect((state) => state.wholeView);
  const { setWholeView, removeWholeMap } = useActions();
  return (
    <div className="whole-slice">
      <div className="row">
        <ChoiceStrip
          label={t`Whole-slice map`}
          value={layer}
          options={LAYERS.map((value) => ({
            value,
            label: LAYER_STYLES[value].label,
          }))}
          onChange={(next) => setWholeView({ layer: next })}
        />
        <LabelledRange
          label={t`Map opacity`}
          min={0}
          max={1}
          step={0.05}
          value={opacity}
          shown={`${Math.round(100 * opacity)} %`}
          onChange={(next) => setWholeView({ opacity: next })}
        />
      </div>
      <div className="row">
        <Bar layer={layer} />
        <IconButton
          icon="close"
          look="quiet"
          label={t`Remove the whole-slice map`}
          title={t`Remove the map`}
          onClick={removeWholeMap}
        />
      </div>
      <p className="sentence">
        {t`${whole.count} samples of seed ${whole.seed}. The model has only seen regions with a nodule: vessels and other bright spots will light up too.`}
      </p>
    </div>
  );
}

function Bar({ layer }: { layer: WholeLayer }) {
  const map = useSelect(wholeMap);
  const { label, unit, table } = LAYER_STYLES[layer];
  if (!map) return null;
  return (
    <div className="colour-bar">
      <span className="legend-name">{said(label)}</span>
      <span>{decimals(map.range[0], 0)}</span>
      <span className="bar" style={{ background: gradientCss(table) }} aria-hidden="true" />
      <span>{decimals(map.range[1], 2).replace(/\.00$/, "")}</span>
      <span className="dim">{said(unit)}</span>
    </div>
  );
}
