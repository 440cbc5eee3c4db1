import { useActions, useEvaluated, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { agreementCsv } from "../../../state/evaluate/agreement/case-lines.ts";
import { saveFile } from "../../app/copy-text.ts";
import { useSaving } from "../../dialogs/use-saving.ts";
import { ThresholdPreset } from "../../lesion/threshold-preset.tsx";
import { PackChoice } from "../pack-choice.tsx";

/** Whose readers, whether they are the same people, and which sizes decide; what leaves the page. */
export function AgreementSettings() {
  const held = useEvaluated((state) => state.status !== "idle");
  return (
    <>
      <fieldset className="evaluation-settings" disabled={held}>
        <legend className="visually-hidden">{t`Whose readers`}</legend>
        <PackChoice />
      </fieldset>
      {held && <p className="sentence">{t`Systems are evaluated over this pack: another one after that.`}</p>}
      <SameReaders />
      <div className="agreement-thresholds">
        <span className="heading">{t`Thresholds`}</span>
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
      title={t`One name is one person in every case: ICC(2,1), ICC(3,1) and Bland–Altman of two readers need that`}
    >
      <input
        type="checkbox"
        checked={same || persons}
        disabled={persons}
        onChange={({ target }) => takeReadersForSame(target.checked)}
      />
      {t`Same people in every case`}
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
            aria-label={t`Comparing readers`}
            {...(job.progress === null ? {} : { value: job.progress })}
            max={1}
          />
          <button type="button" onClick={() => cancel("agreement")}>{t`Cancel`}</button>
        </>
      ) : (
        <button type="button" onClick={retry}>{t`Compare readers`}</button>
      )}
    </div>
  );
}

function Downloads() {
  const value = useSelect((state) => state.agreement?.value);
  const { exportAgreement } = useActions();
  const { save, working } = useSaving(exportAgreement);
  return (
    <div className="evaluation-downloads">
      <button
        type="button"
        disabled={!value || working}
        title={t`One HTML file with method, figures and charts, as the command line's \`agreement --out\` writes it`}
        onClick={() => void save()}
      >{t`Report`}</button>
      <button
        type="button"
        disabled={!value}
        title={t`A row per case: case ids and numbers alone`}
        onClick={() => value && saveFile("agreement.csv", new TextEncoder().encode(agreementCsv(value)))}
      >{t`Download CSV`}</button>
    </div>
  );
}
