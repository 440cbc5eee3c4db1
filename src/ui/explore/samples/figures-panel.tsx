import { useSelect } from "../../../state/app/react.tsx";
import { figures } from "../../../state/explore/figures.ts";
import { regionGraders } from "../../../state/explore/masks.ts";
import { orderOf } from "../../../state/explore/samples.ts";
import { decimals } from "../../app/format.ts";
import { orderSaid } from "../../controls/order-select.tsx";
import { Panel } from "../../controls/panel.tsx";
import { AreaHistogram } from "./area-histogram.tsx";
import { GraderTable } from "./grader-table.tsx";
import { PresenceOdds } from "./presence-odds.tsx";

/** How samples and graders of this case agree. */
export function FiguresPanel() {
  const { samples, graders, drew, agreement, diversity, nestedness, representative } = useSelect(figures);
  const order = orderSaid(useSelect(orderOf));
  const small = useSelect((state) => regionGraders(state).filter((grader) => grader.small).length);
  const points = small > 0 ? `, ${small} marked under 3 mm` : "";
  const who = graders === 0 && small === 0 ? "no graders" : `${drew} of ${graders} graders drew${points}`;
  return (
    <Panel
      name="Figures"
      className="figures"
      aside={
        <p className="dim">
          {samples} samples
          {order} · {who}
        </p>
      }
    >
      <div className="figures-body">
        <AreaHistogram />
        <dl className="measures">
          <Measure
            name={`GED² (n = ${samples}, biased)`}
            value={decimals(agreement?.ged2)}
            beside={
              representative
                ? `${samples} for ${representative.of}: ${decimals(representative.agreement?.ged2)}`
                : undefined
            }
            explanation={
              representative
                ? `The first ${samples} draws against the graders as sets; beside it the samples that stand for ${representative.of}.`
                : "Samples against graders as sets: 0 = spread alike."
            }
          />
          <Measure
            name="HM-IoU"
            value={decimals(agreement?.hmIou)}
            explanation="Overlap when samples and graders are paired at best."
          />
          <Measure
            name="Diversity"
            value={decimals(diversity)}
            beside={agreement ? `graders ${decimals(agreement.graderSpread)}` : undefined}
            explanation="How different two samples are: mean of 1 − IoU."
          />
          <Measure
            name="Nestedness"
            value={decimals(nestedness)}
            beside="graders of LIDC 0.29"
            explanation="Share of pairs of samples where one holds the other."
          />
        </dl>
        <PresenceOdds />
        <GraderTable />
      </div>
    </Panel>
  );
}

function Measure(props: {
  readonly name: string;
  readonly value: string;
  readonly beside?: string | undefined;
  readonly explanation: string;
}) {
  return (
    <div className="measure" title={props.explanation}>
      <dt>{props.name}</dt>
      <dd className="beside">{props.beside}</dd>
      <dd className="value">{props.value}</dd>
      <dd className="sentence">{props.explanation}</dd>
    </div>
  );
}
