import { MOST_SAMPLES } from "../../../state/app/intent.ts";
import { useActions, useEvaluated, useSelect } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { lesionsCsv } from "../../../state/evaluate/lesions/lesion-lines.ts";
import { saveFile } from "../../app/copy-text.ts";
import { NumberField } from "../../controls/number-field.tsx";
import { ThresholdPreset } from "../../lesion/threshold-preset.tsx";
import { PackMenu } from "../pack-choice.tsx";

/** Whose lesions, which model's samples, and which sizes decide; what leaves the page. */
export function LesionsSettings() {
  const working = useSelect((state) => state.jobs.lesions !== undefined);
  const evaluating = useEvaluated((state) => state.status !== "idle");
  return (
    <>
      <fieldset className="evaluation-settings" disabled={working || evaluating}>
        <legend className="visually-hidden">{t`Whose lesions`}</legend>
        <PackMenu />
      </fieldset>
      {evaluating && <p className="sentence">{t`Systems are evaluated over this pack: another one after that.`}</p>}
      <fieldset className="evaluation-settings" disabled={working}>
        <legend className="visually-hidden">{t`Whose samples`}</legend>
        <Samples />
      </fieldset>
      <div className="agreement-thresholds">
        <span className="heading">{t`Thresholds`}</span>
        <ThresholdPreset />
      </div>
      <Work />
      <Download />
    </>
  );
}

function Samples() {
  const all = useSelect((state) => state.models);
  const models = all.filter(({ config }) => config.choice !== "samples"); // they are of single slices here
  const shown = useSelect((state) => state.lesionsWish.model ?? state.intent.model);
  const { count, seed } = useSelect((state) => state.lesionsWish);
  const { wishLesions } = useActions();
  return (
    <>
      <label className="field">
        <span className="heading">{t`Model`}</span>
        <select
          aria-label={t`Model of the samples`}
          value={shown}
          onChange={({ target }) => wishLesions({ model: target.value })}
        >
          {models.map(({ name, config }) => (
            <option key={name} value={name}>
              {config.title}
            </option>
          ))}
        </select>
      </label>
      <div className="row">
        <NumberField
          label={t`Samples`}
          hint={t`n: samples of each lesion, each one reader through all its slices`}
          value={count}
          low={1}
          high={MOST_SAMPLES}
          onChange={(wanted) => wishLesions({ count: wanted })}
        />
        <NumberField
          label={t`Seed`}
          hint={t`The same seed, pack and n give the same samples, here and with the command line's nodules`}
          value={seed}
          low={0}
          high={2 ** 31 - 1}
          onChange={(wanted) => wishLesions({ seed: wanted })}
        />
      </div>
    </>
  );
}

function Work() {
  const job = useSelect((state) => state.jobs.lesions);
  const none = useSelect((state) => state.lesionsOfPack?.value.lesions.length === 0);
  const done = useSelect((state) => state.lesionsOfPack?.value.drawn != null);
  const { cancel, drawLesions } = useActions();
  if (job) {
    return (
      <div className="run-bar">
        <div className="row">
          <button type="button" title={t`What was drawn is kept`} onClick={() => cancel("lesions")}>{t`Cancel`}</button>
        </div>
        <div className="run-progress">
          <progress aria-label={t`Lesions`} {...(job.progress === null ? {} : { value: job.progress })} max={1} />
          <p className="sentence">{said(job.what)}</p>
        </div>
      </div>
    );
  }
  return (
    <div className="run-bar">
      <div className="row">
        <button
          type="button"
          className="primary"
          disabled={done || none}
          title={t`Draws the model's samples of each lesion; the graders' half needs none`}
          onClick={drawLesions}
        >{t`Start`}</button>
      </div>
    </div>
  );
}

function Download() {
  const value = useSelect((state) => state.lesionsOfPack?.value);
  return (
    <div className="evaluation-downloads">
      <button
        type="button"
        disabled={!value || value.lesions.length === 0}
        title={t`A row per reader of each lesion: volume and axes, as the command line's \`nodules --out\` writes them`}
        onClick={() => value && saveFile("lesions.csv", new TextEncoder().encode(lesionsCsv(value)))}
      >{t`Download CSV`}</button>
    </div>
  );
}
