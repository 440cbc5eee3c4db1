import { useSelect } from "../../state/react.tsx";
import { figures } from "../../state/select-figures.ts";
import { Panel } from "../controls/panel.tsx";
import { decimals } from "../format.ts";
import { AreaHistogram } from "../view/area-histogram.tsx";
import { GraderTable } from "./grader-table.tsx";

/** How samples and graders of this case agree. */
export function FiguresPanel() {
  const { samples, graders, drew, agreement, diversity, nestedness } = useSelect(figures);
  const who = graders === 0 ? "no graders" : `${drew} of ${graders} graders drew`;
  return (
    <Panel
      name="Figures"
      className="figures"
      aside={
        <p className="dim">
          {samples} samples · {who}
        </p>
      }
    >
      <div className="figures-body">
        <AreaHistogram />
        <dl className="measures">
          <Measure
            name={`GED² (n = ${samples}, biased)`}
            value={agreement?.ged2}
            explanation="Distance between the set of samples and the set of graders: 0 when they are spread alike."
          />
          <Measure
            name="HM-IoU"
            value={agreement?.hmIou}
            explanation="Mean overlap after pairing every sample with a grader as well as can be: 1 is best."
          />
          <Measure
            name="Diversity"
            value={diversity}
            explanation="Mean 1 − IoU between two samples: how different the samples are from each other."
          />
          <Measure
            name="Graders' diversity"
            value={agreement?.graderSpread}
            explanation="The same between two graders: what the samples' diversity should be."
          />
          <Measure
            name="Nestedness"
            value={nestedness}
            explanation="Share of pairs of samples in which one contains the other; graders of LIDC have about 0.29."
          />
        </dl>
        <GraderTable />
      </div>
    </Panel>
  );
}

function Measure(props: {
  readonly name: string;
  readonly value: number | null | undefined;
  readonly explanation: string;
}) {
  return (
    <div className="measure">
      <dt>{props.name}</dt>
      <dd className="value">{decimals(props.value)}</dd>
      <dd className="sentence">{props.explanation}</dd>
    </div>
  );
}
