import { LAYERS, OUTLINES, type Outline } from "../../../state/app/intent.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { LAYER_STYLES, OUTLINE_STYLES } from "../../../state/explore/layers.ts";
import { caseGraders, outliningGraders, regionGraders } from "../../../state/explore/masks.ts";
import { CALM } from "../../../state/explore/order/page-order.ts";
import { ChoiceStrip } from "../../controls/choice-strip.tsx";
import { LabelledRange } from "../../controls/labelled-range.tsx";
import { Folded, useMore } from "../../controls/more.tsx";

/** Which map, which outlines, how strong, at which threshold. */
export function LayerControls() {
  const open = useMore("region");
  return (
    <div className="layer-controls">
      <div className="row wrap shown-layers">
        <Layers all={open} />
        <Outlines all={open} />
      </div>
      <Folded panel="region" className="ranges">
        <Ranges />
      </Folded>
    </div>
  );
}

/** One map over the CT; `all`: also those behind "More". */
export function Layers({ all = true }: { readonly all?: boolean }) {
  const layer = useSelect((state) => state.intent.view.layer);
  const graders = useSelect((state) => caseGraders(state).length);
  const { setLayer } = useActions();
  return (
    <ChoiceStrip
      label={t`Layers`}
      value={layer}
      options={LAYERS.filter((value) => all || value === layer || CALM.layers.includes(value)).map((value) => ({
        value,
        label: value === "none" ? t`None` : LAYER_STYLES[value].label,
        disabled: value === "grader-disagreement" && graders === 0,
      }))}
      onChange={setLayer}
    />
  );
}

function Outlines({ all }: { readonly all: boolean }) {
  const outlines = useSelect((state) => state.intent.view.outlines);
  const graders = useSelect((state) => caseGraders(state).length);
  const drew = useSelect((state) => regionGraders(state).length);
  const { setOutline } = useActions();
  const without: Partial<Record<Outline, boolean>> = {
    graders: drew === 0,
    majority: graders === 0,
    staple: graders === 0,
  };
  return (
    <fieldset className="outlines" aria-label={t`Outlines`}>
      {OUTLINES.filter((outline) => all || outlines[outline] || CALM.outlines.includes(outline)).map((outline) => (
        <label key={outline} className="tick">
          <input
            type="checkbox"
            checked={outlines[outline]}
            disabled={without[outline] ?? false}
            onChange={(event) => setOutline(outline, event.target.checked)}
          />
          <span className={`line line-${outline}`}>{said(OUTLINE_STYLES[outline].label)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Ranges() {
  const view = useSelect((state) => state.intent.view);
  const threshold = useSelect((state) => state.intent.threshold);
  const { setLayerOpacity, setThreshold, setFill, setNetwork } = useActions();
  return (
    <>
      <LabelledRange
        label={t`Opacity`}
        min={0}
        max={1}
        step={0.05}
        value={view.layerOpacity}
        shown={`${Math.round(100 * view.layerOpacity)} %`}
        disabled={view.layer === "none"}
        onChange={setLayerOpacity}
      />
      <LabelledRange
        label={t`Threshold`}
        min={0.05}
        max={0.95}
        step={0.05}
        value={threshold}
        shown={threshold.toFixed(2)}
        onChange={setThreshold}
      />
      <Blend />
      <div className="row">
        <label className="tick">
          <input type="checkbox" checked={view.fill} onChange={(event) => setFill(event.target.checked)} />{" "}
          {t`Fill sample`}
        </label>
        <label className="tick">
          <input type="checkbox" checked={view.network} onChange={(event) => setNetwork(event.target.checked)} />{" "}
          {t`What the network sees`}
        </label>
        <ScaleLock />
      </div>
    </>
  );
}

/** One colour scale for every case and system. */
export function ScaleLock() {
  const locked = useSelect((state) => state.intent.view.scaleLocked);
  const none = useSelect((state) => state.intent.view.layer === "none");
  const { setScaleLocked } = useActions();
  return (
    <label className="tick" title={t`The same colour is the same value everywhere`}>
      <input
        type="checkbox"
        checked={locked}
        disabled={none}
        onChange={(event) => setScaleLocked(event.target.checked)}
      />{" "}
      {t`Lock scale`}
    </label>
  );
}

/** Fades from the chosen sample's area to a grader's. */
function Blend() {
  const blend = useSelect((state) => state.intent.view.blend);
  const graders = useSelect(outliningGraders);
  const { setBlend } = useActions();
  if (graders.length === 0) return null;
  return (
    <div className="labelled-range blend">
      <select
        aria-label={t`Blend with`}
        value={blend ? String(blend.grader) : ""}
        onChange={(event) => {
          const { value } = event.target;
          const grader = graders.find(({ key }) => String(key) === value);
          setBlend(grader ? { grader: grader.key, share: blend?.share ?? 0.5 } : null);
        }}
      >
        <option value="">{t`Blend: off`}</option>
        {graders.map(({ key, label }) => (
          <option key={label} value={String(key)}>
            {t`Blend: ${label}`}
          </option>
        ))}
      </select>
      <input
        type="range"
        aria-label={t`Blend sample and grader`}
        aria-valuetext={blend ? `${Math.round(100 * blend.share)} %` : t`off`}
        min={0}
        max={1}
        step={0.05}
        value={blend?.share ?? 0}
        disabled={!blend}
        onChange={(event) => blend && setBlend({ ...blend, share: Number(event.target.value) })}
      />
      <span className="shown" aria-hidden="true">
        {blend ? `${Math.round(100 * blend.share)} %` : ""}
      </span>
    </div>
  );
}
