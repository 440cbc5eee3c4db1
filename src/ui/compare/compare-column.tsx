import { useState } from "react";
import type { Look } from "../../core/values/viewport.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import type { ModelChoice, State } from "../../state/app/shape.ts";
import { said, saidOf, t } from "../../state/app/speech.ts";
import {
  columnChosen,
  columnDrawn,
  columnFigures,
  columnIsStale,
  columnJob,
  columnProblem,
  comparedFrame,
} from "../../state/compare/select.ts";
import { bytesOf, columnCount, drawsZ, MOST_SYSTEMS } from "../../state/compare/slice.ts";
import { decimals } from "../app/format.ts";
import { InfoButton } from "../concepts/info-button.tsx";
import { IconButton } from "../controls/icon-button.tsx";
import { orderSaid } from "../controls/order-select.tsx";
import { SampleThumb } from "../explore/samples/thumb.tsx";
import { useRoving } from "../keyboard/roving.ts";
import { columnLook } from "./column-look.ts";
import { CompareRegion } from "./compare-region.tsx";

interface Props {
  readonly name: string;
  readonly index: number;
  readonly look: Look;
  onLook(look: Look): void;
}

/** One system: its name, what it drew, and how that agrees with the graders. */
export function CompareColumn({ name, index, look, onLook }: Props) {
  const title = useSelect((state) => titleOf(state, name));
  const [marked, setMarked] = useState<number | null>(null);
  return (
    <section className="panel column" aria-label={title}>
      <Head name={name} index={index} />
      <Progress name={name} title={title} />
      <div className="region-stage">
        <CompareRegion name={name} title={title} index={index} marked={marked} look={look} onLook={onLook} />
      </div>
      <Strip name={name} title={title} marked={marked} onMark={setMarked} />
      <Measures name={name} title={title} />
    </section>
  );
}

function titleOf(state: State, name: string): string {
  return state.models.find((model) => model.name === name)?.config.title ?? name;
}

/** Which system the column shows; another may take its place. */
function Head({ name, index }: { name: string; index: number }) {
  const models = useSelect((state) => state.models);
  const systems = useSelect((state) => state.compare.systems);
  const { setSystems } = useActions();
  return (
    <header className="panel-head">
      <span className="column-key" style={{ background: columnLook(index).colour }} aria-hidden="true" />
      <select
        aria-label={t`System ${index + 1}`}
        title={t`Put another system here`}
        value={name}
        onChange={(event) => setSystems(systems.map((one) => (one === name ? event.target.value : one)))}
      >
        {models
          .filter((model) => model.name === name || !systems.includes(model.name))
          .map((model) => (
            <option key={model.name} value={model.name}>
              {optionText(model)}
            </option>
          ))}
      </select>
      <IconButton
        icon="close"
        look="quiet"
        label={t`Remove system ${index + 1}`}
        title={systems.length === 1 ? t`The last one stays` : t`Remove this system`}
        disabled={systems.length === 1}
        onClick={() => setSystems(systems.filter((one) => one !== name))}
      />
    </header>
  );
}

function optionText({ config }: ModelChoice): string {
  const megabytes = bytesOf(config) / 1e6;
  return megabytes < 20 ? config.title : `${config.title} (${Math.round(megabytes)} MB)`;
}

/** Another system beside those that are there. */
export function AddSystem() {
  const models = useSelect((state) => state.models);
  const systems = useSelect((state) => state.compare.systems);
  const { setSystems } = useActions();
  const left = models.filter(({ name }) => !systems.includes(name));
  const why =
    systems.length >= MOST_SYSTEMS
      ? t`${MOST_SYSTEMS} are as many as fit; remove one first`
      : left.length === 0
        ? t`Every model of the menu is here; drop a model's files to add it`
        : t`Put another system beside these`;
  return (
    <select
      aria-label={t`Add a system`}
      className="add-system"
      title={why}
      value=""
      disabled={systems.length >= MOST_SYSTEMS || left.length === 0}
      onChange={(event) => setSystems([...systems, event.target.value])}
    >
      <option value="">{t`+ Add a system`}</option>
      {left.map((model) => (
        <option key={model.name} value={model.name}>
          {optionText(model)}
        </option>
      ))}
    </select>
  );
}

/** One line, always there: what is being done, what went wrong, or how many samples are shown. */
function Progress({ name, title }: { name: string; title: string }) {
  const job = useSelect((state) => columnJob(state, name));
  const problem = useSelect((state) => saidOf(columnProblem(state, name)) ?? null);
  const told = useSelect((state) => countText(state, name));
  const { cancelColumn, retryColumn } = useActions();
  if (job) {
    return (
      <div className="column-line row" role="status">
        <progress
          aria-label={`${title}: ${said(job.what)}`}
          {...(job.progress === null ? {} : { value: job.progress })}
          max={1}
        />
        <span className="dim">{said(job.what)}</span>
        <button type="button" className="link spread" onClick={() => cancelColumn(name)}>
          {t`Cancel`}
          <span className="visually-hidden"> {title}</span>
        </button>
      </div>
    );
  }
  if (problem) {
    return (
      <div className="column-line problem" role="alert">
        <p>{problem}</p>
        <button type="button" className="link" onClick={() => retryColumn(name)}>
          {t`Try again`}
          <span className="visually-hidden"> ({title})</span>
        </button>
      </div>
    );
  }
  return <p className="column-line dim">{told}</p>;
}

function countText(state: State, name: string): string {
  const count = columnCount(state, name);
  const few = count < state.intent.count ? t` of the ${state.intent.count} asked for: it has no more` : "";
  const choice = state.models.find((model) => model.name === name)?.config.choice;
  const by = choice === "member" ? t`${count} members` : choice === "head" ? t`${count} heads` : t`${count} samples`;
  return `${by}${drawsZ(state, name) ? orderSaid(state.intent.order) : ""}${few}`;
}

function Strip(props: {
  readonly name: string;
  readonly title: string;
  readonly marked: number | null;
  onMark(index: number | null): void;
}) {
  const { name, title, marked, onMark } = props;
  const samples = useSelect((state) => columnDrawn(state, name)?.samples ?? null);
  const places = useSelect((state) => columnChosen(state, name).places);
  const frame = useSelect(comparedFrame);
  const count = useSelect((state) => columnCount(state, name));
  const stale = useSelect((state) => columnIsStale(state, name));
  const group = useRoving<HTMLUListElement>(".thumb-button");
  return (
    <ul ref={group} className="thumbs" aria-label={t`Samples of ${title}`} data-stale={stale}>
      {(samples ? places : Array.from({ length: count }, (_, index) => index)).map((index) =>
        samples ? (
          <li key={index} className="thumb">
            <button
              type="button"
              className="thumb-button"
              aria-label={t`Sample ${index + 1} of ${title}`}
              aria-pressed={marked === index}
              title={t`Sample ${index + 1}: marks its outline in the picture above`}
              onClick={() => onMark(marked === index ? null : index)}
            >
              <SampleThumb index={index} samples={samples} frame={frame} />
            </button>
          </li>
        ) : (
          <li key={index} className="thumb waiting" />
        ),
      )}
    </ul>
  );
}

function Measures({ name, title }: { name: string; title: string }) {
  const { samples, graders, agreement, diversity, nestedness, representative } = useSelect((state) =>
    columnFigures(state, name),
  );
  const n = samples === 0 ? "" : `, n = ${samples}`;
  const of = t`${samples} samples, ${graders} graders`;
  return (
    <dl className="column-measures">
      <div>
        <dt>
          {t`GED² (biased${n})`} <InfoButton about="ged2" whose={title} value={decimals(agreement?.ged2, 3)} n={of} />
        </dt>
        <dd>{decimals(agreement?.ged2, 3)}</dd>
      </div>
      {representative && (
        <div title={t`The samples above: ${samples} that stand for ${representative.of} draws`}>
          <dt>{t`GED² for ${representative.of}`}</dt>
          <dd>{decimals(representative.agreement?.ged2, 3)}</dd>
        </div>
      )}
      <div>
        <dt>
          HM-IoU <InfoButton about="hm-iou" whose={title} value={decimals(agreement?.hmIou, 3)} n={of} />
        </dt>
        <dd>{decimals(agreement?.hmIou, 3)}</dd>
      </div>
      <div>
        <dt>
          {t`Diversity`} <InfoButton about="diversity" whose={title} value={decimals(diversity, 3)} n={of} />
        </dt>
        <dd>{decimals(diversity, 3)}</dd>
      </div>
      <div>
        <dt>
          {t`Nestedness`} <InfoButton about="nestedness" whose={title} value={decimals(nestedness, 3)} n={of} />
        </dt>
        <dd>{decimals(nestedness, 3)}</dd>
      </div>
    </dl>
  );
}
