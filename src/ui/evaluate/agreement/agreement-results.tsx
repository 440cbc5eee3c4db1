import { inEnglish } from "../../../core/language/say.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { asSentence, t } from "../../../state/app/speech.ts";
import { Panel } from "../../controls/panel.tsx";
import { AgreementCases } from "./agreement-cases.tsx";
import { FlipsTable, PairsTable, PresenceLine, SizesTable } from "./cohort-figures.tsx";
import { RatioPlot } from "./ratio-plot.tsx";
import { whoWasCompared } from "./who-was-compared.ts";
import "../../style/agreement.css";

/** What the readers of a pack make of its cases, together and one by one. */
export function AgreementResults() {
  const value = useSelect((state) => state.agreement?.value);
  const working = useSelect((state) => state.jobs.agreement !== undefined);
  if (!value) {
    return (
      <Panel name={t`Readers among themselves`} className="evaluation-intro">
        <p>
          {working
            ? t`Comparing the readers …`
            : t`Every two readers of the pack are held against each other, case by case. No network is needed, and everything is computed on this machine.`}
        </p>
      </Panel>
    );
  }
  const { figures } = value;
  return (
    <div className="agreement-results">
      <Panel
        name={t`Readers among themselves`}
        className="agreement-pairs"
        aside={<p className="sentence asked">{whoWasCompared(value)}</p>}
      >
        <PresenceLine presence={figures.presence} readers={value.study.readers.length} floor={figures.ged2_floor} />
        <PairsTable figures={figures} />
      </Panel>
      <Panel name={t`Sizes`} className="agreement-sizes">
        <SizesTable figures={figures} inMm={value.study.cases.every(({ sizes }) => sizes !== null)} />
        <ul className="agreement-notes" aria-label={t`What has no meaning, and why`}>
          {figures.notes.map((note) => (
            <li key={inEnglish(note)} className="sentence">
              {asSentence(note)}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel name={t`Bland–Altman`} className="agreement-ratios">
        <RatioPlot value={value} />
      </Panel>
      <Panel name={t`Decisions`} className="agreement-decisions">
        <FlipsTable figures={figures} />
      </Panel>
      <AgreementCases value={value} />
    </div>
  );
}
