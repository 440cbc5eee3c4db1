import { REACH } from "../../../state/app/intent.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { currentU, gateOnScreen, hasFields, hasGate } from "../../../state/explore/latent/z.ts";
import { showsMaskMap } from "../../../state/explore/set/shape.ts";
import { hasZ } from "../../../state/models/model.ts";
import { signed } from "../../app/format.ts";
import { lazyPiece } from "../../app/lazy-piece.ts";
import { PieceOnScreen } from "../../app/piece-on-screen.tsx";
import { InfoButton } from "../../concepts/info-button.tsx";
import { ChoiceStrip } from "../../controls/choice-strip.tsx";
import { LabelledRange } from "../../controls/labelled-range.tsx";
import { Folded, useMore } from "../../controls/more.tsx";
import { Panel } from "../../controls/panel.tsx";
import { LazyMaskMap } from "../set/lazy-mask-map.tsx";
import { PlaneLegend } from "./plane-legend.tsx";
import { PlaneView } from "./plane-view.tsx";
import { Sliders, Source } from "./sliders.tsx";
import { UnlikePaper } from "./unlike-paper.tsx";
import { ZButtons } from "./z-buttons.tsx";

const MEMBERS = lazyPiece(() => import("./members-panel.tsx"));

/** What makes two samples differ: the latent space, or what the system has instead. */
export function LatentPanel() {
  const withZ = useSelect((state) => state.model === null || hasZ(state));
  return withZ ? (
    <LatentSpace />
  ) : (
    <PieceOnScreen piece={MEMBERS} what={t`This panel`} frame={(sentence) => sentence} />
  );
}

/** Where z is, where it comes from, and everything that moves it. */
function LatentSpace() {
  const more = useMore("latent");
  const map = useSelect(showsMaskMap);
  const { showMaskMap } = useActions();
  return (
    <Panel
      name={t`Latent space`}
      className="latent"
      info={<InfoButton about="plane" />}
      aside={<Source />}
      more="latent"
    >
      <UnlikePaper />
      <Folded panel="latent">
        <ChoiceStrip
          label={t`Picture of the latent space`}
          value={map ? "map" : "plane"}
          options={[
            { value: "plane", label: t`Plane of z` },
            { value: "map", label: t`Map of masks`, hint: t`Samples and graders by 1 − IoU, without z` },
          ]}
          onChange={(value) => showMaskMap(value === "map")}
        />
      </Folded>
      {map ? (
        <LazyMaskMap />
      ) : (
        <div className="plane-row">
          <PlaneView />
          <PlaneLegend />
        </div>
      )}
      <ZButtons />
      <Sliders choice={more} />
      <Presence />
      <Folded panel="latent" className="fields-more">
        <Fields />
      </Folded>
    </Panel>
  );
}

/** Whether there is anything at all, where the model has a gate: u, beside z. */
function Presence() {
  const present = useSelect(hasGate);
  const u = useSelect(currentU);
  const edge = useSelect(gateOnScreen);
  const held = useSelect((state) => state.intent.z.presence !== undefined);
  const { setPresence } = useActions();
  if (!present || u === null) return null;
  const shown = Number.isFinite(u) ? signed(u) : t`drawn`;
  return (
    <div className="fields">
      <LabelledRange
        label={t`Presence`}
        min={-REACH}
        max={REACH}
        step={0.05}
        value={clampTo(u)}
        shown={shown}
        onChange={setPresence}
      />
      {held && <button type="button" className="quiet" onClick={() => setPresence(null)}>{t`As drawn`}</button>}
      {edge !== null && (
        <p className="sentence">{t`A normal number beside z decides whether this reader draws at all: up to ${signed(edge)} σ here, nothing.`}</p>
      )}
    </div>
  );
}

function clampTo(u: number): number {
  return Math.max(-REACH, Math.min(REACH, u));
}

/** What the sliders do not show: local fields, drawn by the seed. */
function Fields() {
  const present = useSelect(hasFields);
  const fields = useSelect((state) => state.intent.fields);
  const { setFieldStrength, setFrozen } = useActions();
  if (!present) return null;
  return (
    <div className="fields">
      <LabelledRange
        label={t`Local fields`}
        min={0}
        max={2}
        step={0.05}
        value={fields.strength}
        shown={`×${fields.strength.toFixed(2)}`}
        onChange={setFieldStrength}
      />
      <label className="tick">
        <input
          type="checkbox"
          checked={fields.frozenSeed !== null}
          onChange={(event) => setFrozen(event.target.checked)}
        />
        {t`Freeze`}
      </label>
    </div>
  );
}
