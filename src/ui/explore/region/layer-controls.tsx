import { LAYERS, OUTLINES } from "../../../state/app/intent.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { LAYER_STYLES, OUTLINE_STYLES } from "../../../state/explore/layers.ts";
import { caseGraders, outliningGraders } from "../../../state/explore/masks.ts";
import { ChoiceStrip } from "../../controls/choice-strip.tsx";
import { LabelledRange } from "../../controls/labelled-range.tsx";

/** Which map, which outlines, how strong, at which threshold. */
export function LayerControls() {
  return (
    <div className="layer-controls">
      <Layers />
      <Outlines />
      <Ranges />
    </div>
  );
}

export function Layers() {
  const layer = useSelect((state) => state.intent.view.layer);
  const graders = useSelect((state) => caseGraders(state).length);
  const { setLayer } = useActions();
  return (
    <ChoiceStrip
      label="Layers"
      value={layer}
      options={LAYERS.map((value) => ({
        value,
        label: value === "none" ? "None" : LAYER_STYLES[value].label,
        hint: value === "none" ? "No map over the CT" : LAYER_STYLES[value].explanation,
        disabled: value === "grader-disagreement" && graders === 0,
      }))}
      onChange={setLayer}
    />
  );
}

function Outlines() {
  const outlines = useSelect((state) => state.intent.view.outlines);
  const graders = useSelect((state) => caseGraders(state).length);
  const { setOutline } = useActions();
  return (
    <fieldset className="outlines" aria-label="Outlines">
      {OUTLINES.map((outline) => (
        <label key={outline} className="tick" title={OUTLINE_STYLES[outline].explanation}>
          <input
            type="checkbox"
            checked={outlines[outline]}
            disabled={graders === 0 && (outline === "graders" || outline === "majority" || outline === "staple")}
            onChange={(event) => setOutline(outline, event.target.checked)}
          />
          <span className={`line line-${outline}`}>{OUTLINE_STYLES[outline].label}</span>
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
    <div className="ranges">
      <LabelledRange
        label="Opacity"
        hint="How strongly the map covers the CT"
        min={0}
        max={1}
        step={0.05}
        value={view.layerOpacity}
        shown={`${Math.round(100 * view.layerOpacity)} %`}
        disabled={view.layer === "none"}
        onChange={setLayerOpacity}
      />
      <LabelledRange
        label="Threshold"
        hint="A pixel is lesion where its probability reaches this"
        min={0.05}
        max={0.95}
        step={0.05}
        value={threshold}
        shown={threshold.toFixed(2)}
        onChange={setThreshold}
      />
      <Blend />
      <div className="row">
        <label className="tick" title="Tint the chosen sample's area">
          <input type="checkbox" checked={view.fill} onChange={(event) => setFill(event.target.checked)} /> Fill sample
        </label>
        <label
          className="tick"
          title="The region scaled from its darkest to its brightest pixel in 256 steps: all that the network gets"
        >
          <input type="checkbox" checked={view.network} onChange={(event) => setNetwork(event.target.checked)} /> What
          the network sees
        </label>
      </div>
    </div>
  );
}

/** Fades from the chosen sample's area to a grader's. */
function Blend() {
  const blend = useSelect((state) => state.intent.view.blend);
  const graders = useSelect(outliningGraders);
  const { setBlend } = useActions();
  if (graders.length === 0) return null;
  return (
    <div className="labelled-range blend" title="Fades from the shown sample's area to a grader's area">
      <select
        aria-label="Blend with"
        value={blend ? String(blend.grader) : ""}
        onChange={(event) => {
          const { value } = event.target;
          const grader = graders.find(({ key }) => String(key) === value);
          setBlend(grader ? { grader: grader.key, share: blend?.share ?? 0.5 } : null);
        }}
      >
        <option value="">Blend: off</option>
        {graders.map(({ key, label }) => (
          <option key={label} value={String(key)}>
            Blend: {label}
          </option>
        ))}
      </select>
      <input
        type="range"
        aria-label="Blend sample and grader"
        aria-valuetext={blend ? `${Math.round(100 * blend.share)} %` : "off"}
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
