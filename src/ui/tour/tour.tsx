import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useExplorer, useSelect } from "../../state/app/react.tsx";
import type { State } from "../../state/app/shape.ts";
import { said, t } from "../../state/app/speech.ts";
import { caseGraders } from "../../state/explore/masks.ts";
import { usePhone } from "../app/phone.ts";
import { TOUR, type TourStep } from "./tour-steps.ts";
import { whatChanged } from "./what-changed.ts";

/** The guided tour: a card that tells, while the page behind it shows. */
export default function Tour() {
  const at = useSelect((state) => state.tour);
  if (at === null) return null;
  return <Card at={at} />;
}

/** The first built-in example: all of them have graders. */
function firstExample({ entries }: State) {
  return entries.find(({ simulated }) => simulated) ?? null;
}

function Card({ at }: { at: number }) {
  const { store, actions } = useExplorer();
  const step = TOUR[at] as TourStep;
  const nobody = useSelect((state) => caseGraders(state).length === 0);
  const text = useSelect(nobody && step.without ? step.without : step.text);
  const example = useSelect(firstExample);
  const next = useRef<HTMLButtonElement>(null);
  const phone = usePhone();
  const last = at === TOUR.length - 1;
  const [changed, setChanged] = useState("");
  useEffect(() => {
    const before = store.getState();
    step.set(actions, before);
    setChanged(whatChanged(before.intent, store.getState().intent, before.models));
    next.current?.focus({ preventScroll: true });
    if (last) actions.sawGreeting();
    return () => actions.setLasso("off");
  }, [step, last, actions, store]);
  useLayoutEffect(() => {
    const { dataset } = document.querySelector("main") ?? document.body;
    dataset["tour"] = step.panel; // dialogs.css puts a light on the panel that is told of
    return () => void delete dataset["tour"];
  }, [step]);
  useEffect(() => {
    const told = document.querySelector(step.panel === "region" ? ".region-stage" : `main .panel.${step.panel}`);
    told?.scrollIntoView?.({ block: phone ? "start" : "nearest" }); // clear of the card: dialogs.css
  }, [step, phone]);
  const go = (to: number) => {
    if (to >= 0 && to < TOUR.length) actions.setTour(to);
  };
  const takeExample = async () => {
    if (!example) return;
    await actions.openCase(example.id);
    step.set(actions, store.getState());
  };
  const leadTo = ([view]: NonNullable<TourStep["leadsTo"]>) => {
    actions.endTour("back");
    actions.show(view);
  };
  return (
    <div
      className={`tour beside-${step.panel}`}
      role="dialog"
      aria-label={t`Guided tour`}
      aria-describedby="tour-text"
      onKeyDown={({ key }) => {
        if (key === "ArrowRight") go(at + 1);
        else if (key === "ArrowLeft") go(at - 1);
      }}
    >
      <h2>
        <span className="dim">{t`${at + 1} of ${TOUR.length}`}</span> {said(step.title)}
      </h2>
      <p id="tour-text" aria-live="polite">
        {text}
      </p>
      {changed !== "" && <p className="sentence tour-changed">{changed}</p>}
      <div className="row wrap">
        <button
          type="button"
          className="link"
          onClick={() => actions.show(`concept:${step.concept}`)}
        >{t`The word, and its formula`}</button>
        {nobody && step.graders && example && (
          <button type="button" onClick={() => void takeExample()}>{t`Open an example`}</button>
        )}
      </div>
      <div className="row wrap">
        {!last && (
          <button type="button" className="quiet" onClick={() => actions.setTour(null)}>{t`Skip the tour`}</button>
        )}
        {last && (
          <button type="button" className="quiet" onClick={() => actions.endTour("stay")}>{t`Stay here`}</button>
        )}
        <button type="button" className="spread" disabled={at === 0} onClick={() => go(at - 1)}>{t`Back`}</button>
        {last ? (
          <>
            {step.leadsTo && (
              <button type="button" onClick={() => step.leadsTo && leadTo(step.leadsTo)}>
                {said(step.leadsTo[1])}
              </button>
            )}
            <button
              ref={next}
              type="button"
              className="primary"
              onClick={() => actions.endTour("back")}
            >{t`Back to where I was`}</button>
          </>
        ) : (
          <button ref={next} type="button" className="primary" onClick={() => go(at + 1)}>{t`Next`}</button>
        )}
      </div>
    </div>
  );
}
