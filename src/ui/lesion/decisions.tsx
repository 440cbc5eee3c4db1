import { type ReadersDecision, type Threshold, thresholdOf } from "../../core/lesion/decisions.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { decisionsOnScreen } from "../../state/lesion/figures.ts";
import { lesionOnScreen } from "../../state/lesion/keys.ts";
import { decimals } from "../app/format.ts";
import { IconButton } from "../controls/icon-button.tsx";
import { ThresholdPreset } from "./threshold-preset.tsx";

/** At which sizes advice changes, and how often readers would stand on different sides. */
export function Decisions() {
  const { thresholds } = useSelect((state) => state.lesionThresholds);
  const decisions = useSelect(decisionsOnScreen);
  const placed = useSelect((state) => lesionOnScreen(state)?.spacingMm !== null);
  const { setThresholds } = useActions();
  return (
    <>
      <div className="row wrap">
        <ThresholdPreset />
        <button
          type="button"
          className="quiet"
          onClick={() => setThresholds([...thresholds, thresholdOf("meanDiameterMm", 10)])}
        >
          + mm
        </button>
        <button
          type="button"
          className="quiet"
          onClick={() => setThresholds([...thresholds, thresholdOf("volumeMm3", 500)])}
        >
          + mm³
        </button>
      </div>
      {placed ? (
        <table className="decisions">
          <caption className="visually-hidden">{t`Decisions of samples and graders at each threshold`}</caption>
          <thead>
            <tr>
              <th scope="col">{t`Under`}</th>
              <th scope="col" title={t`Share of the samples that drew something and lie below it`}>{t`Samples`}</th>
              <th scope="col" title={t`Graders below it, of those who drew`}>{t`Graders`}</th>
              <th
                scope="col"
                title={t`How often two samples, and two graders, stand on different sides`}
              >{t`Two differ`}</th>
              <th scope="col">
                <span className="visually-hidden">{t`Remove the threshold`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {thresholds.map((threshold, i) => (
              <Row
                key={i}
                threshold={threshold}
                decision={decisions[i]}
                onChange={(value) =>
                  setThresholds(thresholds.map((one, k) => (k === i ? thresholdOf(one.measure, value) : one)))
                }
                onRemove={() => setThresholds(thresholds.filter((_, k) => k !== i))}
              />
            ))}
          </tbody>
        </table>
      ) : (
        <p className="sentence">{t`Without spacing there are no millimetres, and so no decisions.`}</p>
      )}
      <p className="sentence caution">{t`By the mean of long and short axis, or the volume. Research, not for clinical use.`}</p>
    </>
  );
}

function Row(props: {
  readonly threshold: Threshold;
  readonly decision: ReadersDecision | undefined;
  onChange(value: number): void;
  onRemove(): void;
}) {
  const { threshold, decision, onChange, onRemove } = props;
  const unit = threshold.measure === "volumeMm3" ? "mm³" : "mm";
  const percent = (share: number | null | undefined) => (share == null ? "–" : `${Math.round(100 * share)} %`);
  return (
    <tr data-threshold={threshold.name}>
      <th scope="row">
        <input
          type="number"
          className="threshold"
          aria-label={t`Threshold in ${unit}`}
          min={0.1}
          step={unit === "mm" ? 1 : 10}
          value={threshold.value}
          onChange={({ target }) => target.valueAsNumber > 0 && onChange(target.valueAsNumber)}
        />{" "}
        {unit}
      </th>
      <td>{percent(decision?.samples?.below)}</td>
      <td>{decision && decision.gradersDrew > 0 ? t`${decision.gradersBelow} of ${decision.gradersDrew}` : "–"}</td>
      <td title={t`samples · graders`}>
        {percent(decision?.samples?.flip)}
        <span className="dim"> · {percent(decision?.graders?.flip)}</span>
      </td>
      <td>
        <IconButton
          icon="close"
          look="quiet"
          label={t`Remove ${decimals(threshold.value, 0)} ${unit}`}
          onClick={onRemove}
        />
      </td>
    </tr>
  );
}
