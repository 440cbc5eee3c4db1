import { memo, useState } from "react";
import { MOST_SAMPLES, REPRESENTED } from "../../../state/app/intent.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { frameOnScreen } from "../../../state/cases/on-screen.ts";
import { drawnAreas, drawnOnScreen, pixelArea, sampleOrder, samplesAreStale } from "../../../state/explore/masks.ts";
import { canBeRepresented, countOf, shownIndex } from "../../../state/explore/samples.ts";
import { hasZ } from "../../../state/models/model.ts";
import { areaNumber, areaText } from "../../app/format.ts";
import { samplesSummary } from "../../app/summaries.ts";
import { InfoButton } from "../../concepts/info-button.tsx";
import { ChoiceStrip } from "../../controls/choice-strip.tsx";
import { Icon } from "../../controls/icons.tsx";
import { Folded } from "../../controls/more.tsx";
import { OrderSelect } from "../../controls/order-select.tsx";
import { Panel } from "../../controls/panel.tsx";
import { useRoving } from "../../keyboard/roving.ts";
import { Thumb } from "./thumb.tsx";

/** The drawn samples as a strip: a click puts one into the sliders, the pin holds two for comparison. */
export function SamplesPanel() {
  const summary = useSelect(samplesSummary);
  const stale = useSelect(samplesAreStale);
  return (
    <Panel
      name={t`Samples`}
      className="samples"
      aside={
        <>
          <p className="sentence summary">{summary}</p>
          <Folded panel="samples" className="row">
            <Count />
            <Representing />
            <DrawnInOrder />
            <Sorting />
          </Folded>
        </>
      }
      info={<InfoButton about="samples" value={summary} />}
      more="samples"
    >
      <div className="strip-row">
        <Pinned />
        <Thumbs stale={stale} />
      </div>
    </Panel>
  );
}

export function Count() {
  const count = useSelect(countOf);
  const members = useSelect((state) => state.model?.value.members ?? null);
  const { setCount } = useActions();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <label className="row">
      <span className="dim">{members === null ? t`Count` : t`Count of ${members}`}</span>
      <input
        type="number"
        aria-label={t`Number of samples`}
        min={1}
        max={Math.min(MOST_SAMPLES, members ?? MOST_SAMPLES)}
        value={typed ?? String(count)}
        onChange={(event) => {
          setTyped(event.target.value);
          const value = event.target.valueAsNumber;
          if (Number.isInteger(value) && value >= 1) setCount(value);
        }}
        onBlur={() => setTyped(null)}
      />
    </label>
  );
}

/** Whether the samples are the first draws, or those that stand for many. */
export function Representing() {
  const able = useSelect((state) => canBeRepresented(state.model?.value));
  const representativeOf = useSelect((state) => state.intent.representativeOf);
  const { setRepresentativeOf } = useActions();
  if (!able) return null;
  const draws = representativeOf ?? REPRESENTED.usual;
  return (
    <label className="tick">
      <input
        type="checkbox"
        role="switch"
        aria-checked={representativeOf !== null}
        checked={representativeOf !== null}
        onChange={(event) => setRepresentativeOf(event.target.checked ? draws : null)}
      />
      <span>
        <span className="visually-hidden">{t`Representative samples:`} </span>
        {t`stand for ${draws}`}
      </span>
    </label>
  );
}

function DrawnInOrder() {
  const order = useSelect((state) => state.intent.order);
  const choice = useSelect((state) => state.model?.value.choice ?? "z");
  const { setOrder } = useActions();
  const barred = choice === "z" ? null : t`This system chooses its samples by ${choice}: only draws of z have an order`;
  return <OrderSelect value={order} barred={barred} onChange={setOrder} />;
}

function Sorting() {
  const sort = useSelect((state) => state.intent.view.sort);
  const { setSort } = useActions();
  return (
    <ChoiceStrip
      label={t`Order of the samples`}
      value={sort}
      options={[
        { value: "draw", label: t`by draw` },
        { value: "area", label: t`by area` },
      ]}
      onChange={setSort}
    />
  );
}

function Thumbs({ stale }: { stale: boolean }) {
  const order = useSelect(sampleOrder);
  const group = useRoving<HTMLUListElement>(".thumb button");
  const count = useSelect(countOf);
  if (order.length === 0) {
    return (
      <ul ref={group} className="thumbs" aria-label={t`Drawn samples`}>
        {Array.from({ length: count }, (_, index) => (
          <li key={index} className="thumb waiting" />
        ))}
      </ul>
    );
  }
  return (
    <ul ref={group} className="thumbs" aria-label={t`Drawn samples`} data-stale={stale}>
      {order.map((index) => (
        <Sample key={index} index={index} />
      ))}
    </ul>
  );
}

const Sample = memo(function Sample({ index }: { index: number }) {
  const chosen = useSelect((state) =>
    hasZ(state)
      ? state.intent.z.source.kind === "sample" && state.intent.z.source.index === index
      : shownIndex(state) === index,
  );
  const pinned = useSelect((state) => state.intent.view.pinned.includes(index));
  const area = useSelect((state) => drawnAreas(state)[index] ?? 0);
  const perPx = useSelect((state) => pixelArea(frameOnScreen(state)?.slice));
  const { chooseSample, togglePin } = useActions();
  return (
    <li className="thumb">
      <button type="button" className="thumb-button" aria-pressed={chosen} onClick={() => chooseSample(index)}>
        <Thumb index={index} />
        <span className="visually-hidden">
          {t`Sample ${index + 1}, ${area === 0 ? t`empty` : areaText(area, perPx)}`}
        </span>
        <span className="thumb-text" aria-hidden="true">
          <span>{index + 1}</span>
          <Area px={area} mm2PerPx={perPx} />
        </span>
      </button>
      <button
        type="button"
        className="pin"
        aria-label={t`Pin sample ${index + 1}`}
        aria-pressed={pinned}
        onClick={() => togglePin(index)}
      >
        <Icon name="pin" />
      </button>
    </li>
  );
});

/** The number alone is seen, its unit is on the strip's summary; the button is named by both. */
function Area({ px, mm2PerPx }: { px: number; mm2PerPx: number | null }) {
  return <span className="dim">{px === 0 ? "∅" : Math.round(areaNumber(px, mm2PerPx))}</span>;
}

/** Up to two samples held side by side, larger. */
function Pinned() {
  const pinned = useSelect((state) => state.intent.view.pinned);
  const known = useSelect((state) => drawnOnScreen(state)?.samples.count ?? 0);
  const areas = useSelect(drawnAreas);
  const perPx = useSelect((state) => pixelArea(frameOnScreen(state)?.slice));
  const { togglePin } = useActions();
  const held = pinned.filter((index) => index < known);
  if (held.length === 0) return null;
  return (
    <div className="pinned">
      {held.map((index, slot) => (
        <figure key={index} className="pinned-one">
          <Thumb index={index} large colour={slot === 0 ? "#ffffff" : "#8ab8ff"} />
          <figcaption>
            {index + 1} · {areaText(areas[index] ?? 0, perPx)}
            <button
              type="button"
              className="pin"
              aria-label={t`Release sample ${index + 1}`}
              onClick={() => togglePin(index)}
            >
              <Icon name="close" />
            </button>
          </figcaption>
        </figure>
      ))}
    </div>
  );
}
