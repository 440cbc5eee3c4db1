import { useState } from "react";
import { inEnglish, say, sayAll } from "../../core/language/say.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { asSentence, t } from "../../state/app/speech.ts";
import { caseOnScreen } from "../../state/cases/on-screen.ts";
import { isBusy } from "../../state/explore/busy.ts";
import { lesionOnScreen, whyNoLesion } from "../../state/lesion/keys.ts";
import { whyNoReader } from "../../state/lesion/reader-keys.ts";
import { cutPlace, slicesFromTop, varianceRange } from "../../state/lesion/select.ts";
import { saveFile } from "../app/copy-text.ts";
import { LabelledRange } from "../controls/labelled-range.tsx";
import { Panel } from "../controls/panel.tsx";
import { SeedField } from "../explore/latent/z-buttons.tsx";
import { ScaleLock } from "../explore/region/layer-controls.tsx";
import { GraderKeys, LayerBar } from "../explore/region/legend.tsx";
import { Count } from "../explore/samples/samples-panel.tsx";
import { AreaChart } from "./area-chart.tsx";
import { CutPicture } from "./cut-picture.tsx";
import { Decisions } from "./decisions.tsx";
import { lesionFigures } from "./lesion-figures.ts";
import { ReaderPanel } from "./reader-panel.tsx";
import { ReadersTable } from "./readers-table.tsx";
import { SizeHistograms } from "./size-histograms.tsx";
import "../style/lesion.css";
import { nameSaid } from "../language/built-in-names.ts";

/** The lesion of the region through its slices: three cuts, sizes, and what would be decided on them. */
export default function LesionView() {
  const why = useSelect(whyNoLesion);
  const busy = useSelect((state) => isBusy(state) || ["lesion", "reader"].some((job) => job in state.jobs));
  const { show } = useActions();
  if (why !== null) {
    return (
      <main className="lesion empty" aria-busy="false">
        <Panel name={t`Lesion`} className="lesion-why">
          <p>{why}</p>
          <button type="button" onClick={() => show("explorer")}>{t`To Explore`}</button>
        </Panel>
      </main>
    );
  }
  return (
    <main className="lesion" aria-busy={busy}>
      <Panel name={t`Lesion`} className="cuts" aside={<Title />}>
        <div className="planes">
          <CutPicture name="Axial" />
          <CutPicture name="Coronal" />
          <CutPicture name="Sagittal" />
        </div>
        <Slices />
        <div className="row wrap">
          <Shown />
          <span className="spread" />
          <ExportLesion />
        </div>
      </Panel>
      <Panel name={t`Through the slices`} className="lesion-sizes" aside={<Draws />}>
        <AreaChart />
        <p className="legend along-legend">
          <span className="key-band">{t`5–95 % of the samples`}</span>
          <span className="key-middle">{t`their median`}</span>
          <span className="key-chosen">{t`chosen sample`}</span>
          <ReaderKey />
          <GraderKeys />
        </p>
        <SizeHistograms />
        <Notes />
      </Panel>
      <div className="lesion-side">
        <Panel name={t`Decisions`} className="lesion-decisions">
          <Decisions />
        </Panel>
        <ReaderPanel />
        <Panel name={t`Readers`} className="lesion-readers">
          <ReadersTable />
        </Panel>
      </div>
    </main>
  );
}

/** Not where no slider moves a reader. */
function ReaderKey() {
  const moves = useSelect(whyNoReader) === null;
  return moves && <span className="key-reader">{t`at z`}</span>;
}

function Title() {
  const title = useSelect((state) => caseOnScreen(state)?.title ?? "");
  return <p className="case-title">{nameSaid(title)}</p>;
}

/** How many samples and of which seed: each is one reader through all slices. */
function Draws() {
  return (
    <span className="row" title={t`Each sample is one reader through all slices`}>
      <SeedField />
      <Count />
    </span>
  );
}

function Slices() {
  const rows = useSelect(slicesFromTop);
  const place = useSelect(cutPlace);
  const { cutAt } = useActions();
  const known = rows.filter((index) => index !== null).sort((a, b) => a - b);
  if (!place || known.length === 0) return null;
  const at = Math.max(0, known.indexOf(place[2]));
  return (
    <LabelledRange
      label={t`Slice`}
      min={1}
      max={known.length}
      step={1}
      value={at + 1}
      shown={`${place[2] + 1}`}
      hint={t`Or the wheel over a cut`}
      onChange={(value) => cutAt([place[0], place[1], known[value - 1] ?? place[2]])}
    />
  );
}

function Shown() {
  const { variance, graders, reader } = useSelect((state) => state.lesionLook.shown);
  const moves = useSelect(whyNoReader) === null;
  const range = useSelect(varianceRange);
  const { showInCuts } = useActions();
  return (
    <>
      <label className="tick" title={t`How far the samples' probabilities spread at each voxel`}>
        <input type="checkbox" checked={variance} onChange={(event) => showInCuts("variance", event.target.checked)} />
        {t`Variance`}
      </label>
      <label className="tick" title={t`What each grader drew`}>
        <input type="checkbox" checked={graders} onChange={(event) => showInCuts("graders", event.target.checked)} />
        {t`Graders`}
      </label>
      {moves && (
        <label className="tick" title={t`What the z on the sliders shows, on all slices`}>
          <input type="checkbox" checked={reader} onChange={(event) => showInCuts("reader", event.target.checked)} />
          {t`At z`}
        </label>
      )}
      {variance && <LayerBar layer="variance" range={range} />}
      {variance && <ScaleLock />}
    </>
  );
}

/** Everything that the command line's `lesion` writes, as one zip. */
function ExportLesion() {
  const ready = useSelect((state) => lesionOnScreen(state)?.found != null && caseOnScreen(state)?.stack != null);
  const [working, setWorking] = useState(false);
  const { exportLesion, tell, warn } = useActions();
  const download = async () => {
    setWorking(true);
    try {
      const { name, bytes, notes } = await exportLesion(await lesionFigures(), new Date().toISOString());
      saveFile(name, bytes);
      tell(sayAll([say`Saved ${name}.`, ...notes], " "));
    } catch (error) {
      warn(error);
    }
    setWorking(false);
  };
  return (
    <button
      type="button"
      disabled={!ready || working}
      title={t`Segmentations (DICOM SEG, NIfTI, .seg.nrrd), measurements (DICOM SR, CSV), figures (SVG, PNG) and the session, as a zip`}
      onClick={() => void download()}
    >{t`Export lesion`}</button>
  );
}

/** What is odd about this lesion, and how far it was followed. */
function Notes() {
  const followed = useSelect(lesionOnScreen);
  if (!followed) return null;
  const { found, slices } = followed;
  const progress = found
    ? t`Slices ${found.grown.first + 1} to ${found.grown.last + 1}; ${slices.length} were looked at. Slices past a lesion’s ends were not in the training data.`
    : t`${slices.length} slices so far …`;
  return (
    <div className="lesion-notes">
      <p className="sentence">{progress}</p>
      {found?.measured.notes.map((note) => (
        <p key={inEnglish(note)} className="sentence">
          {asSentence(note)}
        </p>
      ))}
    </div>
  );
}
