import { useMemo } from "react";
import { say } from "../../../core/language/say.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { packLesionLines } from "../../../state/evaluate/lesions/lesion-lines.ts";
import type { LesionsOfPack } from "../../../state/evaluate/lesions/lesions-of-pack.ts";
import { Panel } from "../../controls/panel.tsx";
import { DecisionsOfLesions, ReadersOfLesions, VolumesOfLesions } from "./lesion-figures.tsx";
import { LesionsChart } from "./lesions-chart.tsx";
import { LesionsTable } from "./lesions-table.tsx";
import { whatWasLeftOut, whatWasRead, whosePatients } from "./what-was-read.ts";
import "../../style/agreement.css";
import "../../style/lesions.css";

/** The lesions of a pack through their slices: the graders' volumes, and a model's beside them. */
export function LesionsResults() {
  const value = useSelect((state) => state.lesionsOfPack?.value);
  const working = useSelect((state) => state.jobs.lesions !== undefined);
  if (!value) return <Intro>{working ? t`Reading the lesions …` : said(ABOUT)}</Intro>;
  if (value.why !== null) return <Intro why={`${value.pack.title}: ${said(value.why)}`}>{said(ABOUT)}</Intro>;
  if (value.lesions.length === 0) {
    const reasons = whatWasLeftOut(value).map((sentence) => ` ${sentence}.`);
    return <Intro why={t`${value.pack.title}: no lesion can be measured.${reasons.join("")}`}>{said(ABOUT)}</Intro>;
  }
  return <Results value={value} />;
}

const ABOUT = say`A lesion is the cases of one patient, series and nodule: its volume in mm³ is the sum of areas times the distance of slices. Graders’ volumes stand beside those of a model’s samples, each one reader through all slices. The graders’ half needs no network; everything is computed on this machine, as by the command line’s \`nodules\`.`;

function Intro({ why, children }: { readonly why?: string; readonly children: string }) {
  return (
    <Panel name={t`Lesions`} className="evaluation-intro">
      {why !== undefined && <p>{withCode(why)}</p>}
      <p className={why === undefined ? undefined : "dim"}>{withCode(children)}</p>
    </Panel>
  );
}

/** What stands between backquotes as code. */
function withCode(sentence: string) {
  return sentence.split("`").map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part));
}

function Results({ value }: { readonly value: LesionsOfPack }) {
  const { thresholds } = useSelect((state) => state.lesionThresholds);
  const lines = useMemo(() => packLesionLines(value, thresholds), [value, thresholds]);
  const said = t`${whatWasRead(value)}. Research, not for clinical use.`;
  return (
    <div className="agreement-results lesions-results">
      <Panel
        name={t`Volumes`}
        className="lesions-volumes"
        aside={<p className="sentence asked">{whosePatients(value)}</p>}
      >
        <VolumesOfLesions figures={value.figures} />
        <ReadersOfLesions figures={value.figures} />
        <p className="sentence caution">{said}</p>
      </Panel>
      <Panel name={t`Decisions`} className="lesions-decisions">
        <DecisionsOfLesions figures={value.figures} />
        <p className="sentence caution">{said}</p>
        <LeftOut value={value} />
      </Panel>
      <LesionsChart value={value} lines={lines} said={said} />
      <LesionsTable value={value} lines={lines} said={said} />
    </div>
  );
}

function LeftOut({ value }: { readonly value: LesionsOfPack }) {
  const said = whatWasLeftOut(value);
  if (said.length === 0) return null;
  return (
    <ul className="agreement-notes" aria-label={t`What is in no figure`}>
      {said.map((sentence) => (
        <li key={sentence} className="sentence">
          {sentence.replace(/\.$/, "")}.
        </li>
      ))}
    </ul>
  );
}
