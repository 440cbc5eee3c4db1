import { BREAKAGES } from "../../core/training/breakages.ts";
import { DEFAULT_TRAINING, type TrainingSettings } from "../../core/training/settings.ts";
import { useTrained, useTraining } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { decimals } from "../app/format.ts";
import { ChoiceStrip } from "../controls/choice-strip.tsx";
import { LabelledRange } from "../controls/labelled-range.tsx";
import { NumberField } from "../controls/number-field.tsx";

/** What a change of its own means for the training is `TrainingRun.change`: it begins anew. */
export function TrainingControls() {
  const training = useTraining();
  const settings = useTrained((state) => state.recipe);
  const change = (wanted: Partial<TrainingSettings>) => training.change(wanted);
  return (
    <div className="train-settings">
      <Breakages />
      <p className="sentence dim">{t`Each change begins anew, from step 0.`}</p>
      <LogRange
        label="β"
        hint={t`Weight of the KL in the loss: cross entropy + β · KL`}
        value={settings.beta}
        low={-2}
        high={3}
        onChange={(beta) => change({ beta })}
      />
      <LogRange
        label={t`Learning rate`}
        hint={t`Of Adam; it falls to a tenth over the last third of the steps`}
        value={settings.rate}
        low={-4}
        high={-1}
        onChange={(rate) => change({ rate })}
      />
      <LabelledRange
        label={t`Latent axes L`}
        min={1}
        max={8}
        step={1}
        value={settings.axes}
        shown={`${settings.axes}`}
        onChange={(axes) => change({ axes })}
      />
      <LabelledRange
        label={t`Batch`}
        hint={t`Images a step, one random grader each`}
        min={1}
        max={16}
        step={1}
        value={settings.batch}
        shown={`${settings.batch}`}
        onChange={(batch) => change({ batch })}
      />
      <LabelledRange
        label={t`Steps`}
        min={50}
        max={2000}
        step={50}
        value={settings.steps}
        shown={`${settings.steps}`}
        onChange={(steps) => change({ steps })}
      />
      <div className="row wrap">
        <Labelled name={t`Width`}>
          <ChoiceStrip
            label={t`Width`}
            value={`${settings.width}`}
            options={["4", "8", "16"].map((value) => ({ value, label: value, hint: t`Channels of the first level` }))}
            onChange={(width) => change({ width: Number(width) })}
          />
        </Labelled>
        <Labelled name={t`Region`}>
          <ChoiceStrip
            label={t`Region`}
            value={`${settings.region}`}
            options={["32", "64"].map((value) => ({ value, label: value, hint: t`${value} × ${value} pixels` }))}
            onChange={(region) => change({ region: region === "64" ? 64 : 32 })}
          />
        </Labelled>
        <NumberField
          label={t`Seed`}
          hint={t`Of weights, cases, noise and samples: the same seed gives the same curve`}
          value={settings.seed}
          low={0}
          high={2 ** 31}
          onChange={(seed) => Number.isInteger(seed) && seed >= 0 && change({ seed })}
        />
      </div>
      <label className="tick" title={t`Off: z is 0 and the cross entropy alone is learnt, an ordinary U-Net`}>
        <input
          type="checkbox"
          checked={settings.latent}
          onChange={(event) => change({ latent: event.target.checked })}
        />
        {t`With z (off: a plain U-Net)`}
      </label>
    </div>
  );
}

/** The default and the ways to break it; the sentence says why it breaks. */
function Breakages() {
  const training = useTraining();
  const settings = useTrained((state) => state.recipe);
  const { beta, pixels, latent, onlyGrader } = DEFAULT_TRAINING;
  const whole = { beta, pixels, latent, onlyGrader };
  const chosen = BREAKAGES.find((one) => isAs(settings, { ...whole, ...one.change }));
  return (
    <fieldset className="train-breakages">
      <legend className="heading">{t`Break it`}</legend>
      <div className="row wrap">
        <button
          type="button"
          aria-pressed={isAs(settings, whole)}
          onClick={() => training.change(whole)}
        >{t`As it should be`}</button>
        {BREAKAGES.map((one) => (
          <button
            key={one.id}
            type="button"
            aria-pressed={one === chosen}
            onClick={() => training.change({ ...whole, ...one.change })}
          >
            {said(one.title)}
          </button>
        ))}
      </div>
      <p className="sentence" aria-live="polite">
        {said(chosen?.why ?? t`Press one, then Play, and compare: the dotted curve is the run before.`)}
      </p>
    </fieldset>
  );
}

function isAs(settings: TrainingSettings, wanted: Partial<TrainingSettings>): boolean {
  return Object.entries(wanted).every(([name, value]) => settings[name as keyof TrainingSettings] === value);
}

/** A slider over powers of ten, in steps of a tenth of one. */
function LogRange(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  onChange(value: number): void;
}) {
  const { label, hint, value, low, high, onChange } = props;
  const shown = value >= 100 ? decimals(value, 0) : `${Number(value.toPrecision(2))}`;
  return (
    <LabelledRange
      label={label}
      hint={hint}
      min={low}
      max={high}
      step={0.1}
      value={Math.log10(Math.max(value, 10 ** low))}
      shown={shown}
      onChange={(power) => onChange(Number((10 ** power).toPrecision(2)))}
    />
  );
}

function Labelled({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className="field">
      <span className="heading" aria-hidden="true">
        {name}
      </span>
      {children}
    </div>
  );
}
