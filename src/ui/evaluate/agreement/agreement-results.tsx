import { useSelect } from "../../../state/app/react.tsx";
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
      <Panel name="Readers among themselves" className="evaluation-intro">
        <p>
          {working
            ? "Comparing the readers …"
            : "Every two readers of the pack are held against each other, case by case. No network is needed, and everything is computed on this machine."}
        </p>
      </Panel>
    );
  }
  const { figures } = value;
  return (
    <div className="agreement-results">
      <Panel
        name="Readers among themselves"
        className="agreement-pairs"
        aside={<p className="sentence asked">{whoWasCompared(value)}</p>}
      >
        <PresenceLine presence={figures.presence} readers={value.study.readers.length} floor={figures.ged2_floor} />
        <PairsTable figures={figures} />
      </Panel>
      <Panel name="Sizes" className="agreement-sizes">
        <SizesTable figures={figures} inMm={value.study.cases.every(({ sizes }) => sizes !== null)} />
        <ul className="agreement-notes" aria-label="What has no meaning, and why">
          {figures.notes.map((note) => (
            <li key={note} className="sentence">
              {note[0]?.toUpperCase()}
              {note.slice(1)}.
            </li>
          ))}
        </ul>
      </Panel>
      <Panel name="Bland–Altman" className="agreement-ratios">
        <RatioPlot value={value} />
      </Panel>
      <Panel name="Decisions" className="agreement-decisions">
        <FlipsTable figures={figures} />
      </Panel>
      <AgreementCases value={value} />
    </div>
  );
}
