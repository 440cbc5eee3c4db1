import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { figures } from "../../../state/explore/figures.ts";
import { regionGraders } from "../../../state/explore/masks.ts";
import { orderOf } from "../../../state/explore/samples.ts";
import { decimals } from "../../app/format.ts";
import type { DefinitionId } from "../../concepts/definition-names.ts";
import { InfoButton } from "../../concepts/info-button.tsx";
import { Folded, MoreButton } from "../../controls/more.tsx";
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
  const points = small > 0 ? t`, ${small} marked under 3 mm` : "";
  const who = graders === 0 && small === 0 ? t`no graders` : t`${drew} of ${graders} graders drew${points}`;
  const n = t`${samples} samples, ${graders} graders`;
  return (
    <Panel
      name={t`Figures`}
      className="figures"
      aside={<p className="dim">{t`${samples} samples${order} · ${who}`}</p>}
    >
      <div className="figures-body">
        <AreaHistogram />
        <dl className="measures">
          <Measure
            about="ged2"
            name={t`GED² (n = ${samples}, biased)`}
            value={decimals(agreement?.ged2)}
            n={n}
            floor={floorSentence(samples, graders, agreement?.graderSpread)}
            beside={
              representative
                ? t`${samples} for ${representative.of}: ${decimals(representative.agreement?.ged2)}`
                : undefined
            }
          />
        </dl>
        <Folded panel="figures">
          <dl className="measures">
            <Measure about="hm-iou" name="HM-IoU" value={decimals(agreement?.hmIou)} n={n} />
            <Measure
              about="diversity"
              name={t`Diversity`}
              value={decimals(diversity)}
              n={t`${samples} samples`}
              beside={agreement ? t`graders ${decimals(agreement.graderSpread)}` : undefined}
            />
            <Measure
              about="nestedness"
              name={t`Nestedness`}
              value={decimals(nestedness)}
              n={t`${samples} samples`}
              beside={t`graders of LIDC 0.29`}
            />
          </dl>
        </Folded>
        <PresenceOdds />
        <GraderTable />
      </div>
      <footer className="row figures-foot">
        <MoreButton panel="figures" />
      </footer>
    </Panel>
  );
}

/** Where it can be told: what samples from the graders' own law would have at this n, in the mean. */
function floorSentence(n: number, graders: number, spread: number | undefined): string | undefined {
  if (spread === undefined || graders < 2 || n === 0) return undefined;
  const least = ((1 / n + 1 / graders) * spread * graders) / (graders - 1);
  return t`About ${decimals(least)} here: what ${n} samples drawn as the graders were would have, (1/n + 1/K)·E d(Y,Y′) over different graders, K = ${graders}.`;
}

function Measure(props: {
  readonly about: DefinitionId;
  readonly name: string;
  readonly value: string;
  readonly n: string;
  readonly floor?: string | undefined;
  readonly beside?: string | undefined;
}) {
  const { about, name, value, n, floor, beside } = props;
  return (
    <div className="measure">
      <dt>
        {name} <InfoButton about={about} value={value} n={n} {...(floor !== undefined && { floor })} />
      </dt>
      {beside !== undefined && <dd className="beside">{beside}</dd>}
      <dd className="value">{value}</dd>
    </div>
  );
}
