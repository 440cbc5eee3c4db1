import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { isBlinded } from "../../../state/cases/on-screen.ts";
import { usePhone } from "../../app/phone.ts";
import { Panel } from "../../controls/panel.tsx";
import { BlindedBar } from "../readers/blinded.tsx";
import { DrawingTools } from "../readers/drawing-tools.tsx";
import { LassoBar } from "../readers/lasso-bar.tsx";
import { CaseNote } from "../slice/case-note.tsx";
import { LayerControls } from "./layer-controls.tsx";
import { Legend } from "./legend.tsx";
import { RegionView } from "./region-view.tsx";

/** The region, large, with what lies over it. */
export function RegionPanel() {
  const phone = usePhone();
  const blinded = useSelect(isBlinded);
  return (
    <Panel name={t`Region of 128 × 128`} className="region" aside={<LassoBar />} {...(!blinded && { more: "region" })}>
      <DrawingTools />
      <div className="region-stage">
        <RegionView />
      </div>
      {phone && <CaseNote />}
      <BlindedBar />
      {!blinded && <Legend />}
      {!blinded && <LayerControls />}
    </Panel>
  );
}
