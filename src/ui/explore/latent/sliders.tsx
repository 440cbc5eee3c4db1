import { useState } from "react";
import { useExplorer, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import {
  type Axis,
  along,
  axesWithoutSlider,
  effectsHere,
  FIRST_SLIDERS,
  movesHere,
  slidersAreModes,
  slidersOf,
} from "../../../state/explore/latent/directions.ts";
import { effectsKey } from "../../../state/explore/latent/effects.ts";
import { sigmaOf, sourceName, zKey } from "../../../state/explore/latent/z.ts";
import { isQuick } from "../../../state/models/model.ts";
import { InfoButton } from "../../concepts/info-button.tsx";
import { AxisSlider } from "../../controls/axis-slider.tsx";
import { ChoiceStrip } from "../../controls/choice-strip.tsx";
import { useSettled } from "../../keyboard/settled.ts";

/** Where the z on the sliders comes from. */
export function Source() {
  const source = useSelect(sourceName);
  const locked = useSelect((state) => Object.keys(state.intent.z.locks).length);
  const waiting = useSelect((state) => sigmaOf(state) === null && state.model !== null);
  const settled = useSettled(source);
  return (
    <p className="source" aria-live="polite" aria-busy={!settled}>
      <span className="dim">z: </span>
      <strong>{source}</strong>
      {locked > 0 && <span className="dim"> {t`· ${locked} locked`}</span>}
      {waiting && <span className="dim"> {t`· on its way`}</span>}
    </p>
  );
}

/** A slider for each axis of the model or mode of the case; `choice`: with the choice between the two. */
export function Sliders({ choice: more = true }: { readonly choice?: boolean }) {
  const all = useSelect(slidersOf);
  const left = useSelect(axesWithoutSlider);
  const ends = useSelect((state) => state.ends?.value ?? null);
  const [open, setOpen] = useState(false);
  const [held, setHeld] = useState(all);
  if (all.length > 0 && held !== all) setHeld(all);
  const here = useSelect(effectsHere);
  const measured = useSelect((state) => state.effects !== null && state.effects.key === effectsKey(state));
  const key = useSelect(zKey);
  const locks = useSelect((state) => state.intent.z.locks);
  const modes = useSelect(slidersAreModes);
  // While the modes of a moved box are found, those before stand there, still: nothing jumps under the hand.
  const waiting = modes && all.length === 0 && held.length > 0 && held.every(({ index }) => index === null);
  const known = waiting ? held : all;
  const sliders = open ? known : known.slice(0, FIRST_SLIDERS);
  const quick = useSelect((state) => state.model === null || isQuick(state));
  const { store, actions } = useExplorer();
  const sigma = sigmaOf(store.getState());
  return (
    <>
      <div className="row sliders-head">
        {!more && <span className="dim">{t`Sliders of z`}</span>}
        <InfoButton about="sliders" />
        {more && (
          <ChoiceStrip
            label={t`Sliders`}
            value={modes ? "modes" : "axes"}
            options={[
              { value: "axes", label: t`Model's axes` },
              {
                value: "modes",
                label: t`This case's modes`,
                disabled: !quick,
              },
            ]}
            onChange={actions.setSliders}
          />
        )}
        <span className="axis-facts">{modes ? t`effect` : t`effect · nats`}</span>
      </div>
      <div className="axes" data-z={key ?? ""} data-measured={measured}>
        {sliders.length === 0 && (
          <p className="sentence">
            {modes ? t`The modes of this case are on their way.` : t`The sliders come with the model.`}
          </p>
        )}
        {sliders.map((axis) => (
          <AxisSlider
            key={axis.name}
            axis={axis}
            value={sigma && !waiting ? along(axis, sigma) : null}
            effect={effectOf(axis, here, ends)}
            noEffect={movesHere(axis, here) === false ? (here?.[axis.name] ?? null) : null}
            locked={axis.index === null ? null : axis.index in locks}
            onChange={(at) => actions.moveTo([{ direction: axis, at }], axis.name)}
            onLock={() => axis.index !== null && actions.toggleLock(axis.index)}
          />
        ))}
        {all.length > FIRST_SLIDERS && (
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t`Fewer sliders` : t`More sliders: ${all.length - FIRST_SLIDERS}`}
          </button>
        )}
        {open && left > 0 && (
          <p className="sentence">
            {t`${left.toLocaleString("en")} further axes have no slider: a draw sets them, and they stay as they are.`}
          </p>
        )}
      </div>
    </>
  );
}

/** What it does here; of an axis what its model's config says, and where that says nothing, what was seen here. */
function effectOf(
  { index, name, effect }: Axis,
  here: Readonly<Record<string, number>> | null,
  ends: Readonly<Record<string, { readonly effect: number }>> | null,
): number {
  const seen = here?.[name] ?? ends?.[name]?.effect ?? effect;
  return index === null || Number.isNaN(effect) ? seen : effect;
}
