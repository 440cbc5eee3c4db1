import { useActions, useSelect } from "../../../state/app/react.tsx";
import { hasFields } from "../../../state/explore/latent/z.ts";
import { hasZ } from "../../../state/models/model.ts";
import { LabelledRange } from "../../controls/labelled-range.tsx";
import { Panel } from "../../controls/panel.tsx";
import { MembersPanel } from "./members-panel.tsx";
import { PlaneLegend } from "./plane-legend.tsx";
import { PlaneView } from "./plane-view.tsx";
import { Sliders, Source } from "./sliders.tsx";
import { ZButtons } from "./z-buttons.tsx";

/** What makes two samples differ: the latent space, or what the system has instead. */
export function LatentPanel() {
  const withZ = useSelect((state) => state.model === null || hasZ(state));
  return withZ ? <LatentSpace /> : <MembersPanel />;
}

/** Where z is, where it comes from, and everything that moves it. */
function LatentSpace() {
  return (
    <Panel name="Latent space" className="latent" aside={<Source />}>
      <div className="plane-row">
        <PlaneView />
        <PlaneLegend />
      </div>
      <ZButtons />
      <Sliders />
      <Fields />
    </Panel>
  );
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
        label="Local fields"
        hint="Small random changes of the boundary that no slider shows: drawn by the seed; 0 turns them off, 1 is as trained"
        min={0}
        max={2}
        step={0.05}
        value={fields.strength}
        shown={`×${fields.strength.toFixed(2)}`}
        onChange={setFieldStrength}
      />
      <label className="tick" title="Keep the same local fields while the seed of z moves on">
        <input
          type="checkbox"
          checked={fields.frozenSeed !== null}
          onChange={(event) => setFrozen(event.target.checked)}
        />
        Freeze
      </label>
    </div>
  );
}
