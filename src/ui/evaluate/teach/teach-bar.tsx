import { DEFAULT_TEACHING, FEWEST_CASES, isQuickEnough } from "../../../core/teach/settings.ts";
import { useActions, useEvaluated, useSelect, useTaught, useTeaching } from "../../../state/app/react.tsx";
import { counted, said, t } from "../../../state/app/speech.ts";
import { PackMenu } from "../pack-choice.tsx";
import { DepthMenu } from "./depth-menu.tsx";
import { Outcome } from "./teach-outcome.tsx";

/** Whose graders, which model, and what becomes of it. */
export function TeachControls() {
  const evaluating = useEvaluated((state) => state.status !== "idle");
  const working = useTaught((state) => state.stage !== "idle");
  return (
    <>
      <fieldset className="evaluation-settings" disabled={working || evaluating}>
        <legend className="visually-hidden">{t`Whose graders`}</legend>
        <PackMenu />
      </fieldset>
      {evaluating && <p className="sentence">{t`Systems are evaluated over this pack: another one after that.`}</p>}
      <ModelMenu />
      <DepthMenu />
      <Work />
      <Outcome />
    </>
  );
}

function ModelMenu() {
  const all = useSelect((state) => state.models);
  const models = all.filter(({ config }) => config.choice !== "samples"); // no head to be taught
  const shown = useSelect((state) => state.intent.model);
  const working = useTaught((state) => state.stage !== "idle");
  const { setModel } = useActions();
  return (
    <fieldset className="evaluation-settings" disabled={working}>
      <legend className="visually-hidden">{t`Which model`}</legend>
      <label className="field" title={t`The model of the page: what learns is chosen below`}>
        <span className="heading">{t`Model`}</span>
        <select aria-label={t`Model to teach`} value={shown} onChange={({ target }) => setModel(target.value)}>
          {models.map(({ name, config }) => (
            <option key={name} value={name}>
              {config.title}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}

function Work() {
  const teaching = useTeaching();
  const status = useTaught((state) => state.stage);
  const share = useTaught((state) => state.share);
  const what = useTaught((state) => state.what);
  const backend = useTaught((state) => state.runsOn);
  const error = useTaught((state) => state.stopped);
  const cases = useEvaluated((state) => state.pack?.cases.length ?? 0);
  const keptFolds = useTaught((state) => state.keptFolds);
  const done = useTaught((state) => state.taught !== null);
  const depth = useTaught((state) => state.depth);
  const slow = useSelect((state) => !isQuickEnough(depth, state.backend?.backend ?? null));
  if (status !== "idle") {
    return (
      <div className="run-bar">
        <div className="row">
          {status === "running" ? (
            <button
              type="button"
              disabled={backend === ""}
              onClick={() => teaching.pause()}
              title={t`After the steps that are being taken`}
            >{t`Pause`}</button>
          ) : (
            <button
              type="button"
              className="primary"
              onClick={() => teaching.resume()}
              title={t`Goes on where it paused`}
            >{t`Resume`}</button>
          )}
          <button
            type="button"
            onClick={() => teaching.forget()}
            title={t`Ends the run; nothing of it stays`}
          >{t`Cancel`}</button>
        </div>
        <div className="run-progress">
          <progress aria-label={t`Teaching`} value={share} max={1} />
          <p className="sentence">{status === "paused" ? t`Paused at ${Math.round(100 * share)} %` : said(what)}</p>
        </div>
        <Keeping />
      </div>
    );
  }
  const few = cases < FEWEST_CASES;
  const goesOn = keptFolds > 0 && !done;
  return (
    <div className="run-bar">
      <div className="row">
        <button
          type="button"
          className="primary"
          disabled={few || slow}
          title={
            goesOn
              ? t`Goes on behind the folds that are kept`
              : t`Learns the graders' habits, and says whether that helped`
          }
          onClick={() => teaching.start()}
        >
          {goesOn ? t`Resume` : t`Teach`}
        </button>
        {goesOn && (
          <button
            type="button"
            className="quiet"
            title={t`Forgets the folds that are kept, and begins anew`}
            onClick={() => void teaching.startOver()}
          >{t`Start over`}</button>
        )}
      </div>
      {goesOn && (
        <p className="sentence">{t`${keptFolds} of ${DEFAULT_TEACHING.folds} folds are kept from before; Resume goes on from there.`}</p>
      )}
      <LeftBefore />
      {few && (
        <p className="sentence">{t`This pack has ${counted(cases, { one: "# case", other: "# cases" })}: open one of ${FEWEST_CASES} or more.`}</p>
      )}
      {error && (
        <p
          className="sentence warning"
          role="alert"
        >{t`The teaching stopped: ${error.facts.problem}${error.facts.remedy ? `; ${said(error.facts.remedy)}` : ""}.`}</p>
      )}
    </div>
  );
}

function Keeping() {
  const keepsNothing = useTaught((state) => state.keepsNothing);
  return (
    <p className="sentence dim">
      {keepsNothing
        ? t`This browser keeps nothing here: a reload of the page ends the run.`
        : t`Finished folds are kept: after a reload of the page the run goes on behind them.`}
    </p>
  );
}

/** Runs of packs that are not open, which can be gone on with. */
function LeftBefore() {
  const elsewhere = useTaught((state) => state.elsewhere);
  const { reopenKept } = useActions();
  return elsewhere.slice(0, 3).map(({ done, folding, opening }) => (
    <p key={opening.id} className="sentence left-before">
      {t`A teaching from ${opening.title} was left after ${done} of ${folding} folds.`}{" "}
      <button type="button" className="link" onClick={() => void reopenKept(opening.id)}>{t`Open it and go on`}</button>
    </p>
  ));
}
