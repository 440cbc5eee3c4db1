import { useState } from "react";
import { REGION } from "../../core/values/region.ts";
import { wholeLook } from "../../core/values/viewport.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { caseOnScreen } from "../../state/cases/on-screen.ts";
import { comparedRange, isComparing } from "../../state/compare/select.ts";
import { drawsZ } from "../../state/compare/slice.ts";
import { isBusy } from "../../state/explore/busy.ts";
import { regionGraders } from "../../state/explore/masks.ts";
import { IconButton } from "../controls/icon-button.tsx";
import { OrderSelect } from "../controls/order-select.tsx";
import { SeedField } from "../explore/latent/z-buttons.tsx";
import { Layers, ScaleLock } from "../explore/region/layer-controls.tsx";
import { GraderKeys, LayerBar } from "../explore/region/legend.tsx";
import { Count, Representing } from "../explore/samples/samples-panel.tsx";
import { AddSystem, CompareColumn } from "./compare-column.tsx";
import { GedCurves } from "./ged-curves.tsx";
import "../style/compare.css";
import { nameSaid } from "../language/built-in-names.ts";

/** Up to eight systems on the same region: what each draws, how it agrees with the graders, and GED² against n. */
export default function CompareView() {
  const busy = useSelect((state) => isBusy(state) || isComparing(state));
  const systems = useSelect((state) => state.compare.systems);
  const [look, setLook] = useState(() => wholeLook({ width: REGION, height: REGION }));
  return (
    <main className="compare" aria-busy={busy} aria-label={t`Comparison of systems`}>
      <Controls />
      <div className="columns" data-columns={Math.max(1, systems.length)}>
        {systems.map((name, index) => (
          <CompareColumn key={name} name={name} index={index} look={look} onLook={setLook} />
        ))}
      </div>
      <GedCurves />
    </main>
  );
}

/** What all columns have in common. */
function Controls() {
  const { show } = useActions();
  return (
    <section className="panel compare-controls" aria-label={t`Common to all systems`}>
      <div className="row wrap">
        <button
          type="button"
          title={t`The explorer as you left it (Esc)`}
          onClick={() => show("explorer")}
        >{t`← Back to explorer`}</button>
        <Title />
        <AddSystem />
        <span className="spread" />
        <Outlines />
        <Seed />
        <Count />
        <Representing />
        <Order />
      </div>
      <div className="row wrap">
        <Layers />
        <Bar />
        <ScaleLock />
        <GraderKeys />
      </div>
    </section>
  );
}

function Title() {
  const title = useSelect((state) => caseOnScreen(state)?.title ?? "");
  return <p className="case-title">{nameSaid(title)}</p>;
}

function Seed() {
  const { nextSeed } = useActions();
  return (
    <span className="row" title={t`The same seed for every system; members of an ensemble do not depend on it`}>
      <SeedField />
      <IconButton icon="next" label={t`New seed`} title={t`Draw with the next seed`} onClick={nextSeed} />
    </span>
  );
}

function Order() {
  const order = useSelect((state) => state.intent.order);
  const some = useSelect((state) => state.compare.systems.some((name) => drawsZ(state, name)));
  const { setOrder } = useActions();
  return <OrderSelect value={order} barred={some ? null : t`None of these systems draws z`} onChange={setOrder} />;
}

function Bar() {
  const layer = useSelect((state) => state.intent.view.layer);
  const range = useSelect(comparedRange);
  return <LayerBar layer={layer} range={range} />;
}

function Outlines() {
  const { samples, graders } = useSelect((state) => state.compare.outlines);
  const known = useSelect((state) => regionGraders(state).length);
  const { setCompareOutline } = useActions();
  return (
    <fieldset className="outlines" aria-label={t`Outlines`}>
      <label className="tick" title={t`Every sample's outline at once`}>
        <input
          type="checkbox"
          checked={samples}
          onChange={(event) => setCompareOutline("samples", event.target.checked)}
        />
        <span className="line line-all">{t`All samples`}</span>
      </label>
      <label className="tick" title={t`What each grader drew`}>
        <input
          type="checkbox"
          checked={graders}
          disabled={known === 0}
          onChange={(event) => setCompareOutline("graders", event.target.checked)}
        />
        <span className="line line-graders">{t`Graders`}</span>
      </label>
    </fieldset>
  );
}
