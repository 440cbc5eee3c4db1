import { useState } from "react";
import { useActions, useEvaluated, useSelect } from "../../../state/app/react.tsx";
import { agreementCsv } from "../../../state/evaluate/agreement/case-lines.ts";
import { saveFile } from "../../app/copy-text.ts";
import { ThresholdPreset } from "../../lesion/threshold-preset.tsx";
import { PackChoice } from "../pack-choice.tsx";

/** Whose readers, whether they are the same people, and which sizes decide; what leaves the page. */
export function AgreementSettings() {
  const held = useEvaluated((state) => state.status !== "idle");
  return (
    <>
      <fieldset className="evaluation-settings" disabled={held}>
        <legend className="visually-hidden">Whose readers</legend>
        <PackChoice />
      </fieldset>
      {held && <p className="sentence">Systems are evaluated over this pack: another one after that.</p>}
      <SameReaders />
      <div className="agreement-thresholds">
        <span className="heading">Thresholds</span>
        <ThresholdPreset />
      </div>
      <Work />
      <Downloads />
    </>
  );
}

function SameReaders() {
  const same = useSelect((state) => state.sameReaders);
  const persons = useSelect((state) => state.agreement?.value.persons ?? false);
  const { takeReadersForSame } = useActions();
  return (
    <label
      className="tick"
      title="One name is one person in every case: ICC(2,1), ICC(3,1) and Bland–Altman of two readers need that"
    >
      <input
        type="checkbox"
        checked={same || persons}
        disabled={persons}
        onChange={({ target }) => takeReadersForSame(target.checked)}
      />
      Same people in every case
    </label>
  );
}

function Work() {
  const job = useSelect((state) => state.jobs.agreement);
  const failed = useSelect((state) => state.failures.agreement !== undefined);
  const { cancel, retry } = useActions();
  if (!job && !failed) return null;
  return (
    <div className="run-bar">
      {job ? (
        <>
          <progress
            aria-label="Comparing readers"
            {...(job.progress === null ? {} : { value: job.progress })}
            max={1}
          />
          <button type="button" onClick={() => cancel("agreement")}>
            Cancel
          </button>
        </>
      ) : (
        <button type="button" onClick={retry}>
          Compare readers
        </button>
      )}
    </div>
  );
}

function Downloads() {
  const value = useSelect((state) => state.agreement?.value);
  const [working, setWorking] = useState(false);
  const { exportAgreement, tell, warn } = useActions();
  const report = async () => {
    setWorking(true);
    try {
      const { name, bytes } = await exportAgreement();
      saveFile(name, bytes);
      tell(`Saved ${name}.`);
    } catch (error) {
      warn(error);
    }
    setWorking(false);
  };
  return (
    <div className="evaluation-downloads">
      <button
        type="button"
        disabled={!value || working}
        title="One HTML file with method, figures and charts, as the command line's `agreement --out` writes it"
        onClick={() => void report()}
      >
        Report
      </button>
      <button
        type="button"
        disabled={!value}
        title="A row per case: case ids and numbers alone"
        onClick={() => value && saveFile("agreement.csv", new TextEncoder().encode(agreementCsv(value)))}
      >
        Download CSV
      </button>
    </div>
  );
}
