import { useEffect, useRef } from "react";
import { useExplorer, useSelect } from "../../state/app/react.tsx";
import { TOUR } from "./tour-steps.ts";

/** The guided tour: a card that tells, while the page behind it shows. */
export function Tour() {
  const at = useSelect((state) => state.tour);
  if (at === null) return null;
  return <Card at={at} />;
}

function Card({ at }: { at: number }) {
  const { store, actions } = useExplorer();
  const step = TOUR[at] as (typeof TOUR)[number];
  const text = useSelect(step.text);
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    step.set(actions, store.getState());
    next.current?.focus();
  }, [step, actions, store]);
  const last = at === TOUR.length - 1;
  return (
    <div className={`tour beside-${step.panel}`} role="dialog" aria-label="Guided tour" aria-describedby="tour-text">
      <h2>
        <span className="dim">
          {at + 1} of {TOUR.length}
        </span>{" "}
        {step.title}
      </h2>
      <p id="tour-text" aria-live="polite">
        {text}
      </p>
      <div className="row">
        <button type="button" className="quiet" onClick={() => actions.setTour(null)}>
          {last ? "Close" : "Skip the tour"}
        </button>
        <button type="button" className="spread" disabled={at === 0} onClick={() => actions.setTour(at - 1)}>
          Back
        </button>
        <button ref={next} type="button" className="primary" onClick={() => actions.setTour(last ? null : at + 1)}>
          {last ? "Done" : "Next"}
        </button>
      </div>
    </div>
  );
}
