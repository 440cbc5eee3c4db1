import { Activity, type ReactNode, useSyncExternalStore } from "react";
import type { Explorer } from "../../state/app/create.ts";
import { placeOf } from "../../state/app/places.ts";
import { ExplorerProvider, useSelect } from "../../state/app/react.tsx";
import { currentLanguage, onLanguage, t } from "../../state/app/speech.ts";
import { isBlinded } from "../../state/cases/on-screen.ts";
import { engineIsThere, isBusy } from "../../state/explore/busy.ts";
import { canDraw } from "../../state/explore/keys.ts";
import { Sheets } from "../dialogs/sheets.tsx";
import { LatentPanel } from "../explore/latent/latent-panel.tsx";
import { BlindedPanel, BlindedView } from "../explore/readers/blinded.tsx";
import { RegionPanel } from "../explore/region/region-panel.tsx";
import { FiguresPanel } from "../explore/samples/figures-panel.tsx";
import { SamplesPanel } from "../explore/samples/samples-panel.tsx";
import { SlicePanel } from "../explore/slice/slice-panel.tsx";
import { SkipLinks } from "../keyboard/skip-links.tsx";
import { Greeting } from "../tour/greeting.tsx";
import { DropAnywhere } from "./drop-anywhere.tsx";
import { lazyPiece } from "./lazy-piece.ts";
import { PieceOnScreen } from "./piece-on-screen.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { Alerts, StatusLine } from "./status-line.tsx";
import { Stumble } from "./stumble.tsx";
import { TopBar } from "./top-bar.tsx";
import "../style/theme.css";
import "../style/base.css";
import "../style/controls.css";
import "../style/layout.css";
import "../style/view.css";
import "../style/panels.css";
import "../style/dialogs.css";
import "../style/body.css";
import "../style/forced-colours.css";

export function App({ explorer }: { explorer: Explorer }) {
  // Another language draws all of the page anew: what is open stands in the state.
  const language = useSyncExternalStore(onLanguage, currentLanguage, currentLanguage);
  return (
    <Stumble
      instead={(problem) => (
        <div className="stumble" role="alert">
          <p>{t`The page stumbled (${problem}). Reload it: the address still holds your view.`}</p>
          <button type="button" className="primary" onClick={() => location.reload()}>{t`Reload`}</button>
        </div>
      )}
    >
      <ExplorerProvider explorer={explorer}>
        <Page key={language} />
      </ExplorerProvider>
    </Stumble>
  );
}

const VIEWS = {
  lesion: lazyPiece(() => import("../lesion/lesion-view.tsx")),
  compare: lazyPiece(() => import("../compare/compare-view.tsx")),
  evaluate: lazyPiece(() => import("../evaluate/evaluate-view.tsx")),
  learn: lazyPiece(() => import("../learn/learn-view.tsx")),
} as const;

function Page() {
  useShortcuts();
  const view = useSelect((state) => placeOf(state.view));
  const blinded = useSelect(isBlinded);
  return (
    <>
      <SkipLinks />
      <TopBar />
      {/* Hidden, not gone: another view gives the explorer back as it was, zoomed, scrolled and unfolded. */}
      <Activity mode={view === "explorer" ? "visible" : "hidden"}>
        <Explore />
      </Activity>
      {view !== "explorer" && blinded && <BlindedView />}
      {view !== "explorer" && !blinded && <OtherPlace key={view} place={view} />}
      <StatusLine />
      <Alerts />
      <Tour />
      <Sheets />
      <DropAnywhere />
    </>
  );
}

function OtherPlace({ place }: { readonly place: keyof typeof VIEWS }) {
  return (
    <PieceOnScreen
      piece={VIEWS[place]}
      withRuns
      what={t`This view`}
      waiting={
        <main aria-busy="true">
          <p className="sentence">{t`Opening the view …`}</p>
        </main>
      }
      frame={(sentence) => <main aria-busy="false">{sentence}</main>}
    />
  );
}

const TOUR = lazyPiece(() => import("../tour/tour.tsx"));

function Tour() {
  const going = useSelect((state) => state.tour !== null);
  const frame = (sentence: ReactNode) => (
    <div className="tour" role="dialog" aria-label={t`Guided tour`}>
      {sentence}
    </div>
  );
  return going ? <PieceOnScreen piece={TOUR} what={t`The tour`} frame={frame} /> : null;
}

function Explore() {
  const busy = useSelect(isBusy);
  const engine = useSelect((state) => (engineIsThere(state) ? "ready" : canDraw(state) ? "sliders" : "coming"));
  const blinded = useSelect(isBlinded);
  return (
    <main aria-busy={busy} data-engine={engine}>
      <Greeting />
      <div className="left">
        <SlicePanel />
        {blinded ? <BlindedPanel name={t`Figures`} className="figures" /> : <FiguresPanel />}
      </div>
      <RegionPanel />
      {blinded ? <BlindedPanel name={t`Latent space`} className="latent" /> : <LatentPanel />}
      {blinded ? <BlindedPanel name={t`Samples`} className="samples" /> : <SamplesPanel />}
    </main>
  );
}
