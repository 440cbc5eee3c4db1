import { MOST_SAMPLES } from "../../state/app/intent.ts";
import { useEvaluated, useEvaluation, useSelect } from "../../state/app/react.tsx";
import { mostSamples, packsOf } from "../../state/evaluate/cases.ts";
import { Mark, useMarks } from "./mark.tsx";

/** Which cases, which systems, how many samples of which seed. Held while a run goes on. */
export function Settings() {
  const evaluation = useEvaluation();
  const settings = useEvaluated((state) => state.settings);
  const held = useEvaluated((state) => state.status !== "idle");
  return (
    <fieldset className="evaluation-settings" disabled={held}>
      <legend className="visually-hidden">What to evaluate</legend>
      <Cases />
      <Systems />
      <div className="row">
        <NumberField
          label="Samples"
          hint="n: samples per case. Figures of different n must not be compared"
          value={settings.count}
          low={1}
          high={MOST_SAMPLES}
          onChange={(count) => evaluation.change({ count })}
        />
        <NumberField
          label="Seed"
          hint="The same seed, case and n give the same samples, here and with the command line's evaluate"
          value={settings.seed}
          low={0}
          high={2 ** 31 - 1}
          onChange={(seed) => evaluation.change({ seed })}
        />
      </div>
    </fieldset>
  );
}

function Cases() {
  const evaluation = useEvaluation();
  const entries = useSelect((state) => state.entries);
  const settings = useEvaluated((state) => state.settings);
  const all = useEvaluated((state) => state.pack?.cases.length ?? 0);
  return (
    <>
      <label className="field" title="A pack opened by `Open file` or dropped on the page is listed here">
        <span className="heading">Pack of cases</span>
        <select
          aria-label="Pack of cases"
          value={settings.shelf}
          onChange={(event) => evaluation.change({ shelf: event.target.value, limit: null })}
        >
          {packsOf(entries).map(({ shelf, title }) => (
            <option key={shelf} value={shelf}>
              {shelf.startsWith("pack ") ? `${title} (${shelf.slice(5)})` : title}
            </option>
          ))}
        </select>
      </label>
      <NumberField
        label="Cases"
        hint="Fewer than all are taken evenly spread over the pack"
        value={Math.min(settings.limit ?? all, Math.max(1, all))}
        low={1}
        high={Math.max(1, all)}
        after={`of ${all}`}
        onChange={(limit) => evaluation.change({ limit: limit >= all ? null : limit })}
      />
    </>
  );
}

function Systems() {
  const evaluation = useEvaluation();
  const models = useSelect((state) => state.models);
  const { systems, count } = useEvaluated((state) => state.settings);
  const marks = useMarks();
  return (
    <fieldset aria-label="Systems">
      <legend className="heading">Systems</legend>
      {models.map(({ name, config }) => {
        const most = mostSamples(config);
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

function NumberField(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly after?: string;
  onChange(value: number): void;
}) {
  const { label, hint, value, low, high, after, onChange } = props;
  return (
    <label className="field" title={hint}>
      <span className="heading">{label}</span>
      <span className="row">
        <input
          type="number"
          aria-label={label}
          min={low}
          max={high}
          step={1}
          value={value}
          onChange={(event) => event.target.value !== "" && onChange(Number(event.target.value))}
        />
        {after && <span className="dim">{after}</span>}
      </span>
    </label>
  );
}
