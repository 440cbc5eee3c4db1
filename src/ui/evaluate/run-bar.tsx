import { useActions, useEvaluated, useEvaluation } from "../../state/app/react.tsx";
import { isComplete, keptProgress, progressOf } from "../../state/evaluate/slice.ts";
import { timeLeft } from "../../state/evaluate/unfinished.ts";

/** Start, pause, resume, cancel; how far it is, and what stands in the way. */
export function RunBar() {
  const evaluation = useEvaluation();
  const status = useEvaluated((state) => state.status);
  const trouble = useEvaluated((state) => state.trouble);
  return (
    <div className="run-bar">
      {status === "idle" ? (
        <StartButtons />
      ) : (
        <div className="row">
          {status === "running" ? (
            <button type="button" title="After the case that is being worked on" onClick={() => evaluation.pause()}>
              Pause
            </button>
          ) : (
            <button
              type="button"
              className="primary"
              title="Goes on with the next case"
              onClick={() => evaluation.resume()}
            >
              Resume
            </button>
          )}
          <button type="button" title="What is finished stays and is kept" onClick={() => evaluation.cancel()}>
            Cancel
          </button>
        </div>
      )}
      <Progress />
      {trouble && (
        <p className="sentence warning" role="alert">
          {trouble}
        </p>
      )}
      <Failures />
    </div>
  );
}

function StartButtons() {
  const evaluation = useEvaluation();
  const done = useEvaluated((state) => keptProgress(state).done);
  const total = useEvaluated((state) => keptProgress(state).total);
  const complete = useEvaluated(isComplete);
  const ran = useEvaluated((state) => state.order !== null && progressOf(state).done > 0);
  const goesOn = done > 0 && !complete;
  return (
    <>
      <div className="row">
        <button
          type="button"
          className="primary"
          disabled={total === 0 || complete}
          title={goesOn ? "Goes on from the results that are kept" : "Evaluates the chosen systems over the cases"}
          onClick={() => evaluation.start()}
        >
          {goesOn ? "Resume" : "Start"}
        </button>
        {done > 0 && (
          <button
            type="button"
            className="quiet"
            title="Forgets the results that are kept for these settings, and begins anew"
            onClick={() => void evaluation.startOver()}
          >
            Start over
          </button>
        )}
      </div>
      {goesOn && (
        <p className="sentence">
          {done} of {total} results are kept from {ran ? "the run before" : "before"}; Resume goes on from there.
        </p>
      )}
      {total === 0 && <p className="sentence">Choose at least one system.</p>}
      <LeftBefore />
    </>
  );
}

/** Runs of packs that are not open, which can be gone on with. */
function LeftBefore() {
  const unfinished = useEvaluated((state) => state.unfinished);
  const { reopenKept } = useActions();
  return unfinished.slice(0, 3).map(({ pack, done, total, opening }) => (
    <p key={pack} className="sentence left-before">
      {opening ? `A run over ${opening.title}` : "A run over a pack that is not open"} was left at {done} of {total}{" "}
      results.{" "}
      {opening ? (
        <button type="button" className="link" onClick={() => void reopenKept(opening.id)}>
          Open it and go on
        </button>
      ) : (
        "Open the pack again to go on."
      )}
    </p>
  ));
}

function Progress() {
  const status = useEvaluated((state) => state.status);
  const done = useEvaluated((state) => progressOf(state).done);
  const total = useEvaluated((state) => progressOf(state).total);
  const order = useEvaluated((state) => state.order);
  const systems = useEvaluated((state) => state.systems);
  const paces = useEvaluated((state) => state.paces);
  const working = useEvaluated((state) =>
    state.systems.find((one) => one.loading !== null || one.status === "running"),
  );
  if (total === 0) return null;
  const time = status === "running" ? timeLeft({ order, systems, paces }) : null;
  const left = time ? ` · ${time.atLeast ? "at least" : "about"} ${duration(time.milliseconds)}` : "";
  const loading = working && working.loading !== null && status === "running";
  const what = loading
    ? `Loading ${working.title}: ${Math.round(100 * (working.loading ?? 0))} %`
    : status === "running"
      ? `${done} of ${total}${left}`
      : `${status === "paused" ? "Paused at " : ""}${done} of ${total} results`;
  return (
    <div className="run-progress">
      <progress aria-label="Evaluation" value={done} max={total} />
      <p className="sentence">{what}</p>
    </div>
  );
}

/** "40 s left", "3 min left" */
function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s left`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min left` : `${(seconds / 3600).toFixed(1)} h left`;
}

function Failures() {
  const systems = useEvaluated((state) => state.systems);
  const failed = systems.flatMap(({ title, failed: cases }) => cases.map((one) => ({ ...one, title })));
  if (failed.length === 0) return null;
  return (
    <details className="failures" open={failed.length <= 3}>
      <summary>
        {failed.length === 1 ? "1 result" : `${failed.length} results`} failed; the others are counted without{" "}
        {failed.length === 1 ? "it" : "them"}
      </summary>
      <ul>
        {failed.map(({ row, id, title, sentence }) => (
          <li key={`${row} ${title}`} className="sentence">
            <strong>{id}</strong> ({title}): {sentence}
          </li>
        ))}
      </ul>
    </details>
  );
}
