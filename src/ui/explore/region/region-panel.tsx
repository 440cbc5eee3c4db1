import { usePhone } from "../../app/phone.ts";
import { Panel } from "../../controls/panel.tsx";
import { CaseNote } from "../slice/case-note.tsx";
import { LassoBar } from "./lasso-bar.tsx";
import { LayerControls } from "./layer-controls.tsx";
import { Legend } from "./legend.tsx";
import { RegionView } from "./region-view.tsx";

/** The region, large, with what lies over it. */
export function RegionPanel() {
  const phone = usePhone();
  return (
    <Panel name="Region of 128 × 128" className="region" aside={<LassoBar />}>
      <div className="region-stage">
        <RegionView />
      </div>
      {phone && <CaseNote />}
      <Legend />
      <LayerControls />
    </Panel>
  );
}
