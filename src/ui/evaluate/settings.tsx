import { membersIn } from "../../core/config/model-config.ts";
import { MOST_SAMPLES, REPRESENTED } from "../../state/app/intent.ts";
import { useEvaluated, useEvaluation, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { NumberField } from "../controls/number-field.tsx";
import { OrderSelect } from "../controls/order-select.tsx";
import { Mark, useMarks } from "./mark.tsx";
import { PackChoice } from "./pack-choice.tsx";

/** Which cases, which systems, how many samples of which seed. Held while a run goes on. */
export function Settings() {
  const evaluation = useEvaluation();
  const settings = useEvaluated((state) => state.settings);
  const held = useEvaluated((state) => state.status !== "idle");
  const draws = settings.representativeOf ?? REPRESENTED.usual;
  return (
    <fieldset className="evaluation-settings" disabled={held}>
      <legend className="visually-hidden">{t`What to evaluate`}</legend>
      <PackChoice />
      <Systems />
      <div className="row">
        <NumberField
          label={t`Samples`}
          hint={t`n: samples per case. Figures of different n must not be compared`}
          value={settings.count}
          low={1}
          high={MOST_SAMPLES}
          onChange={(count) => evaluation.change({ count })}
        />
        <NumberField
          label={t`Seed`}
          hint={t`The same seed, case and n give the same samples, here and with the command line's evaluate`}
          value={settings.seed}
          low={0}
          high={2 ** 31 - 1}
          onChange={(seed) => evaluation.change({ seed })}
        />
      </div>
      <label
        className="tick"
        title={t`Also draws ${draws} and judges the samples that stand for all of them, in columns of their own: several times as long`}
      >
        <input
          type="checkbox"
          checked={settings.representativeOf !== null}
          onChange={(event) => evaluation.change({ representativeOf: event.target.checked ? draws : null })}
        />
        <span>{t`and ${settings.count} that stand for ${draws}`}</span>
      </label>
      <Order />
    </fieldset>
  );
}

function Order() {
  const evaluation = useEvaluation();
  const { order, systems } = useEvaluated((state) => state.settings);
  const some = useSelect(({ models }) =>
    models.some(({ name, config }) => systems.includes(name) && config.choice === "z"),
  );
  const barred = some ? null : t`None of the chosen systems draws z`;
  return <OrderSelect value={order} barred={barred} onChange={(next) => evaluation.change({ order: next })} />;
}

function Systems() {
  const evaluation = useEvaluation();
  const models = useSelect((state) => state.models);
  const { systems, count } = useEvaluated((state) => state.settings);
  const marks = useMarks();
  return (
    <fieldset aria-label={t`Systems`}>
      <legend className="heading">{t`Systems`}</legend>
      {models.map(({ name, config }) => {
        const most = membersIn(config);
        const few = most !== null && most < count;
        return (
          <label key={name} className="tick system" title={`${name}: ${config.family}`}>
            <input
              type="checkbox"
              checked={systems.includes(name)}
              onChange={(event) =>
                evaluation.change({
                  systems: event.target.checked ? [...systems, name] : systems.filter((other) => other !== name),
                })
              }
            />
            <Mark mark={marks(name)} />
            <span className="system-title">{config.title}</span>
            {most !== null && <span className={few ? "note warn" : "note"}>n ≤ {most}</span>}
          </label>
        );
      })}
    </fieldset>
  );
}
