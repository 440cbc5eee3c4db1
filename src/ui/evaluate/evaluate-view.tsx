import { useState } from "react";
import { say, type Text } from "../../core/language/say.ts";
import { useActions, useEvaluated, useEvaluation, useSelect, useTaught } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { casesCsv, overallCsv } from "../../state/evaluate/csv.ts";
import { FIGURES } from "../../state/evaluate/figures.ts";
import { saveFile } from "../app/copy-text.ts";
import { ChoiceStrip } from "../controls/choice-strip.tsx";
import { Panel } from "../controls/panel.tsx";
import { TablesPart } from "../dialogs/tables-part.tsx";
import { rich } from "../language/rich.tsx";
import { AgreementResults } from "./agreement/agreement-results.tsx";
import { AgreementSettings } from "./agreement/agreement-settings.tsx";
import { CaseTable } from "./case-table.tsx";
import { LesionsResults } from "./lesions/lesions-results.tsx";
import { LesionsSettings } from "./lesions/lesions-settings.tsx";
import { useMarks } from "./mark.tsx";
import { OverallTable } from "./overall-table.tsx";
import { evaluationPng } from "./picture.ts";
import { ReliabilityChart, type Told } from "./reliability-chart.tsx";
import { RunBar } from "./run-bar.tsx";
import { Settings } from "./settings.tsx";
import { SpreadChart } from "./spread-chart.tsx";
import { TeachControls } from "./teach/teach-bar.tsx";
import { TeachResults } from "./teach/teach-results.tsx";
import { whatWasAsked } from "./what-was-asked.ts";
import "../style/evaluate.css";

type Part = "evaluate" | "agreement" | "lesions" | "teach";

const PARTS: readonly { readonly value: Part; readonly label: Text; readonly hint: Text }[] = [
  { value: "evaluate", label: say`Systems`, hint: say`Samples of systems against the graders` },
  { value: "agreement", label: say`Agreement`, hint: say`The readers of the pack among themselves` },
  {
    value: "lesions",
    label: say`Lesions`,
    hint: say`Volumes of lesions through their slices: a model's and the graders'`,
  },
  { value: "teach", label: say`Teach`, hint: say`Teach the model the habits of the pack's graders, where that helps` },
];

/**
 * All cases of a pack together, in place of the explorer: systems against graders, readers among themselves, its
 * lesions through their slices, or a model that learns its graders.
 */
export default function EvaluateView() {
  const part = useSelect((state) => PARTS.find(({ value }) => value === state.view)?.value ?? "evaluate");
  const begun = useEvaluated((state) => state.order !== null);
  const running = useEvaluated((state) => state.status === "running");
  const comparing = useSelect((state) => state.jobs.agreement !== undefined);
  const measuring = useSelect((state) => state.jobs.lesions !== undefined);
  const teaching = useTaught((state) => state.stage === "running");
  const { show } = useActions();
  const busy = { evaluate: running, agreement: comparing, lesions: measuring, teach: teaching }[part];
  return (
    <main className="evaluate" aria-busy={busy}>
      <Panel
        name={t`Evaluate`}
        className="evaluation-side"
        aside={
          <button
            type="button"
            className="quiet"
            title={t`Esc`}
            onClick={() => show("explorer")}
          >{t`Back to explorer`}</button>
        }
      >
        <ChoiceStrip<Part> label={t`What is evaluated`} value={part} options={PARTS} onChange={show} />
        {part === "evaluate" && <Systems begun={begun} />}
        {part === "agreement" && <AgreementSettings />}
        {part === "lesions" && <LesionsSettings />}
        {part === "teach" && <TeachControls />}
      </Panel>
      {part === "evaluate" && (begun ? <Results /> : <BeforeTheFirst />)}
      {part === "agreement" && <AgreementResults />}
      {part === "lesions" && <LesionsResults />}
      {part === "teach" && <TeachResults />}
    </main>
  );
}

function Systems({ begun }: { readonly begun: boolean }) {
  return (
    <>
      <Settings />
      <RunBar />
      {begun && <Downloads />}
    </>
  );
}

function Results() {
  const asked = useEvaluated(whatWasAsked);
  return (
    <div className="evaluation-results">
      <Panel name={t`Overall`} className="overall-panel" aside={<p className="sentence asked">{asked}</p>}>
        <OverallTable />
      </Panel>
      <Calibration />
      <Panel
        name={t`Spread`}
        className="chart-panel"
        aside={<p className="sentence">{t`mean over pairs of different masks; a click opens the case`}</p>}
      >
        <SpreadChart />
      </Panel>
      <CaseTable />
    </div>
  );
}

function Calibration() {
  const [told, setTold] = useState<Told>("pixels");
  return (
    <Panel
      name={t`Calibration`}
      className="chart-panel"
      aside={
        <ChoiceStrip<Told>
          label={t`Calibration of`}
          value={told}
          options={[
            { value: "pixels", label: t`pixels`, hint: t`Where the mean says p, so many graders should mark` },
            {
              value: "presence",
              label: t`presence`,
              hint: t`Where p of the samples mark anything, so many graders should`,
            },
          ]}
          onChange={setTold}
        />
      }
    >
      <ReliabilityChart of={told} />
    </Panel>
  );
}

function BeforeTheFirst() {
  return (
    <Panel name={t`What is measured`} className="evaluation-intro">
      <p>{rich`Each system draws n samples of every case; they are held against all its graders, those who drew nothing too. Everything is computed on this machine, and is the same as the command line’s ${<code>{t`evaluate`}</code>}.`}</p>
      <dl>
        {FIGURES.map(({ name, label, hint }) => (
          <div key={name}>
            <dt>{said(label)}</dt>
            <dd>{said(hint)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Downloads() {
  const { store } = useEvaluation();
  const marks = useMarks();
  const { warn } = useActions();
  const empty = useEvaluated((state) => state.systems.every(({ rows }) => rows.length === 0));
  const tables = useSelect((state) => state.tables);
  const [painting, setPainting] = useState(false);
  const text = (name: string, csv: string) => saveFile(name, new TextEncoder().encode(csv));
  const picture = async () => {
    setPainting(true);
    try {
      saveFile("evaluation.png", await evaluationPng(store.getState(), marks));
    } catch (error) {
      warn(error);
    }
    setPainting(false);
  };
  return (
    <div className="evaluation-downloads">
      <TablesPart />
      <button
        type="button"
        disabled={empty}
        title={t`A row per case and system: systems by name and title, case ids and numbers alone`}
        onClick={() => text("evaluation.csv", casesCsv(store.getState(), tables))}
      >{t`Download CSV`}</button>
      <button
        type="button"
        disabled={empty}
        title={t`A row per system: figures with 95 % intervals, GED² by graders who drew, the reliability curve`}
        onClick={() => text("evaluation-overall.csv", overallCsv(store.getState(), tables))}
      >{t`Overall as CSV`}</button>
      <button
        type="button"
        disabled={empty || painting}
        title={t`The overall table and both charts as PNG`}
        onClick={() => void picture()}
      >{t`Download picture`}</button>
    </div>
  );
}
