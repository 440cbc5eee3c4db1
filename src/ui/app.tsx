import { Activity, type ComponentType, useEffect, useState } from "react";
import type { Explorer } from "../state/explorer.ts";
import { isBusy } from "../state/fresh.ts";
import { ExplorerProvider, useSelect } from "../state/react.tsx";
import { Sheets } from "./dialogs/sheets.tsx";
import { DropAnywhere } from "./panels/drop-anywhere.tsx";
import { FiguresPanel } from "./panels/figures-panel.tsx";
import { LatentPanel } from "./panels/latent-panel.tsx";
import { RegionPanel } from "./panels/region-panel.tsx";
import { SamplesPanel } from "./panels/samples-panel.tsx";
import { SlicePanel } from "./panels/slice-panel.tsx";
import { Alerts, StatusLine } from "./panels/status-line.tsx";
import { TopBar } from "./panels/top-bar.tsx";
import { Tour } from "./panels/tour.tsx";
import { TOUR } from "./panels/tour-steps.ts";
import { useShortcuts } from "./shortcuts.ts";
import { Stumble } from "./stumble.tsx";
import "./style/base.css";
import "./style/controls.css";
import "./style/layout.css";
import "./style/view.css";
import "./style/panels.css";
import "./style/dialogs.css";

export function App({ explorer }: { explorer: Explorer }) {
  return (
    <Stumble>
      <ExplorerProvider explorer={explorer}>
        <Page />
      </ExplorerProvider>
    </Stumble>
  );
}

const VIEWS = {
  compare: () => import("./compare/compare-view.tsx"),
  evaluate: () => import("./evaluate/evaluate-view.tsx"),
} as const;

function Page() {
  useShortcuts();
  const view = useSelect((state) => state.view);
  return (
    <>
      <TopBar />
      {/* Hidden, not gone: another view gives the explorer back as it was, zoomed, scrolled and unfolded. */}
      <Activity mode={view === "explorer" ? "visible" : "hidden"}>
        <Explore />
      </Activity>
      {view !== "explorer" && <Later key={view} load={VIEWS[view]} />}
      <StatusLine />
      <Alerts />
      <Tour />
      <Sheets />
      <DropAnywhere />
    </>
  );
}

/**
 * A view whose code comes when it is first asked for. Not by Suspense: React takes up what was suspended after all
 * other updates, and while the plane fills there is always another one.
 */
function Later({ load }: { load: () => Promise<{ default: ComponentType }> }) {
  const [View, setView] = useState<ComponentType | null>(null);
  useEffect(() => {
    let left = false;
    void load().then((loaded) => left || setView(() => loaded.default));
    return () => {
      left = true;
    };
  }, [load]);
  if (View) return <View />;
  return (
    <main aria-busy="true">
      <p className="sentence">Opening the view …</p>
    </main>
  );
}

function Explore() {
  const busy = useSelect(isBusy);
  const told = useSelect((state) => (state.tour === null ? undefined : TOUR[state.tour]?.panel));
  return (
    <main aria-busy={busy} data-tour={told}>
      <div className="left">
        <SlicePanel />
        <FiguresPanel />
      </div>
      <RegionPanel />
      <LatentPanel />
      <SamplesPanel />
    </main>
  );
}
