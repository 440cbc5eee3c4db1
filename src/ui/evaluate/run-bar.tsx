import { useActions, useEvaluated, useEvaluation } from "../../state/app/react.tsx";
import { counted, said, t } from "../../state/app/speech.ts";
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
            <button
              type="button"
              title={t`After the case that is being worked on`}
              onClick={() => evaluation.pause()}
            >{t`Pause`}</button>
          ) : (
            <button
              type="button"
              className="primary"
              title={t`Goes on with the next case`}
              onClick={() => evaluation.resume()}
            >{t`Resume`}</button>
          )}
          <button
            type="button"
            title={t`What is finished stays and is kept`}
            onClick={() => evaluation.cancel()}
          >{t`Cancel`}</button>
        </div>
      )}
      <Progress />
      {trouble && (
        <p className="sentence warning" role="alert">
          {said(trouble)}
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
          title={goesOn ? t`Goes on from the results that are kept` : t`Evaluates the chosen systems over the cases`}
          onClick={() => evaluation.start()}
        >
          {goesOn ? t`Resume` : t`Start`}
        </button>
        {done > 0 && (
          <button
            type="button"
            className="quiet"
            title={t`Forgets the results that are kept for these settings, and begins anew`}
            onClick={() => void evaluation.startOver()}
          >{t`Start over`}</button>
        )}
      </div>
      {goesOn && (
        <p className="sentence">
          {ran
            ? t`${done} of ${total} results are kept from the run before; Resume goes on from there.`
            : t`${done} of ${total} results are kept from before; Resume goes on from there.`}
        </p>
      )}
      {total === 0 && <p className="sentence">{t`Choose at least one system.`}</p>}
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
      {opening
        ? t`A run over ${opening.title} was left at ${done} of ${total} results.`
        : t`A run over a pack that is not open was left at ${done} of ${total} results.`}{" "}
      {opening ? (
        <button
          type="button"
          className="link"
          onClick={() => void reopenKept(opening.id)}
        >{t`Open it and go on`}</button>
      ) : (
        t`Open the pack again to go on.`
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
  const length = time === null ? "" : duration(time.milliseconds);
  const left = time === null ? "" : time.atLeast ? t` · at least ${length}` : t` · about ${length}`;
  const loading = working && working.loading !== null && status === "running";
  const what = loading
    ? t`Loading ${working.title}: ${Math.round(100 * (working.loading ?? 0))} %`
    : status === "running"
      ? t`${done} of ${total}${left}`
      : status === "paused"
        ? t`Paused at ${done} of ${total} results`
        : t`${done} of ${total} results`;
  return (
    <div className="run-progress">
      <progress aria-label={t`Evaluation`} value={done} max={total} />
      <p className="sentence">{what}</p>
    </div>
  );
}

/** "40 s left", "3 min left" */
function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 90) return t`${Math.max(1, Math.round(seconds))} s left`;
  return seconds < 5400 ? t`${Math.round(seconds / 60)} min left` : t`${(seconds / 3600).toFixed(1)} h left`;
}

function Failures() {
  const systems = useEvaluated((state) => state.systems);
  const failed = systems.flatMap(({ title, failed: cases }) => cases.map((one) => ({ ...one, title })));
  if (failed.length === 0) return null;
  return (
    <details className="failures" open={failed.length <= 3}>
      <summary>
        {counted(failed.length, {
          one: "# result failed; the others are counted without it",
          other: "# results failed; the others are counted without them",
        })}
      </summary>
      <ul>
        {failed.map(({ row, id, title, sentence }) => (
          <li key={`${row} ${title}`} className="sentence">
            <strong>{id}</strong> ({title}): {said(sentence)}
          </li>
        ))}
      </ul>
    </details>
  );
}
