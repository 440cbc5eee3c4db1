import { useState } from "react";
import { FEWEST_CASES } from "../../../core/teach/settings.ts";
import { useActions, useEvaluated, useRuns, useSelect, useTaught, useTeaching } from "../../../state/app/react.tsx";
import { saveFile } from "../../app/copy-text.ts";
import { PackMenu } from "../pack-choice.tsx";

/** Whose graders, which model, and what becomes of it. */
export function TeachControls() {
  const evaluating = useEvaluated((state) => state.status !== "idle");
  const working = useTaught((state) => state.stage !== "idle");
  return (
    <>
      <fieldset className="evaluation-settings" disabled={working || evaluating}>
        <legend className="visually-hidden">Whose graders</legend>
        <PackMenu />
      </fieldset>
      {evaluating && <p className="sentence">Systems are evaluated over this pack: another one after that.</p>}
      <ModelMenu />
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
      <legend className="visually-hidden">Which model</legend>
      <label className="field" title="The model of the page: its U-Net stays as it is, its head learns">
        <span className="heading">Model</span>
        <select aria-label="Model to teach" value={shown} onChange={({ target }) => setModel(target.value)}>
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
  if (status !== "idle") {
    return (
      <div className="run-bar">
        <div className="row">
          {status === "running" ? (
            <button
              type="button"
              disabled={backend === ""}
              onClick={() => teaching.pause()}
              title="After the steps that are being taken"
            >
              Pause
            </button>
          ) : (
            <button type="button" className="primary" onClick={() => teaching.resume()} title="Goes on where it paused">
              Resume
            </button>
          )}
          <button type="button" onClick={() => teaching.forget()} title="Ends the run; nothing of it stays">
            Cancel
          </button>
        </div>
        <div className="run-progress">
          <progress aria-label="Teaching" value={share} max={1} />
          <p className="sentence">{status === "paused" ? `Paused at ${Math.round(100 * share)} %` : what}</p>
        </div>
        <p className="sentence dim">A reload of the page ends it: its steps are in memory alone.</p>
      </div>
    );
  }
  const few = cases < FEWEST_CASES;
  return (
    <div className="run-bar">
      <div className="row">
        <button
          type="button"
          className="primary"
          disabled={few}
          title="Learns the graders' habits, and says whether that helped"
          onClick={() => teaching.start()}
        >
          Teach
        </button>
      </div>
      {few && (
        <p className="sentence">
          This pack has {cases === 1 ? "1 case" : `${cases} cases`}: open one of {FEWEST_CASES} or more.
        </p>
      )}
      {error && (
        <p className="sentence warning" role="alert">
          The teaching stopped: {error.facts.problem}
          {error.facts.remedy ? `; ${error.facts.remedy}` : ""}.
        </p>
      )}
    </div>
  );
}

/** Into the menu of models, into the explorer, onto the disk, or away. */
function Outcome() {
  const teaching = useTeaching();
  const taught = useTaught((state) => state.taught);
  const keptAs = useTaught((state) => state.keptAs);
  const [working, setWorking] = useState(false);
  const { keepTaught, forgetTaught } = useRuns();
  const { show, tell, warn } = useActions();
  if (!taught) return null;
  const tried = async (work: () => Promise<void>) => {
    setWorking(true);
    try {
      await work();
    } catch (error) {
      warn(error);
    }
    setWorking(false);
  };
  const gain = taught.retouch !== null;
  return (
    <div className="evaluation-downloads">
      {gain && (
        <>
          <button
            type="button"
            disabled={working || keptAs !== null}
            title="Puts it into the menu of models until the page is reloaded; download it to have it for good"
            onClick={() => void tried(keepTaught)}
          >
            Keep as own model
          </button>
          <button
            type="button"
            disabled={working}
            title="The case on the screen, drawn by what was taught"
            onClick={() =>
              void tried(async () => {
                await keepTaught();
                show("explorer");
              })
            }
          >
            Open in Explore
          </button>
          <button
            type="button"
            disabled={working}
            title="A model folder as a zip: weights, config and card, for this page, the command line and PyTorch"
            onClick={() =>
              void tried(async () => {
                const { name, bytes } = await teaching.saved();
                saveFile(name, bytes);
                tell(`Saved ${name}.`);
              })
            }
          >
            Download
          </button>
        </>
      )}
      <button
        type="button"
        className="quiet"
        disabled={working}
        title={
          keptAs === null ? "Forgets what was found" : "Forgets what was found, and takes the model out of the menu"
        }
        onClick={forgetTaught}
      >
        Forget it
      </button>
      {keptAs !== null && <p className="sentence">In the menu of models as {keptAs}.</p>}
    </div>
  );
}
