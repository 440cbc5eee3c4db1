import { useState } from "react";
import { useActions, useTrained, useTraining } from "../../state/app/react.tsx";
import { lookBefore } from "../../state/train/training-run.ts";
import { saveFile } from "../app/copy-text.ts";
import { decimals } from "../app/format.ts";

/** Play, pause, one step, restart; how far it is and how fast. */
export function PlayBar() {
  const training = useTraining();
  const playing = useTrained((state) => state.playing);
  const step = useTrained((state) => state.step);
  const steps = useTrained(({ recipe }) => recipe.steps);
  const speed = useTrained((state) => state.speed);
  const started = useTrained((state) => state.started);
  return (
    <>
      <div className="row wrap train-play">
        <button
          type="button"
          className="primary"
          onClick={() => (playing ? training.pause() : training.play())}
          title={playing ? "Stand still after this step" : "Train on"}
        >
          {playing ? "Pause" : "Play"}
        </button>
        <button type="button" onClick={() => training.advance()} disabled={step >= steps} title="One step of Adam">
          One step
        </button>
        <button type="button" onClick={() => training.restart()} title="From the first weights again">
          Restart
        </button>
        <Back />
        <SaveModel />
      </div>
      <p className="train-progress">
        <progress aria-label="Steps" value={step} max={steps} />
        <span data-step={step}>
          step {step} of {steps}
        </span>
        <span className="dim">{speed === null ? "" : `${decimals(speed, 1)} steps per second`}</span>
      </p>
      <p className="sentence train-backend">
        {started
          ? `${started.weights.toLocaleString("en")} weights on ${started.backend}`
          : "Making 32 held-out cases …"}
      </p>
    </>
  );
}

/** Undo, as far as the last look at the held-out cases. */
function Back() {
  const training = useTraining();
  const to = useTrained(lookBefore);
  return (
    <button
      type="button"
      disabled={to === null}
      title="Back to the weights at the last look at the held-out cases"
      onClick={() => training.back()}
    >
      {to === null ? "Back" : `Back to ${to}`}
    </button>
  );
}

function SaveModel() {
  const training = useTraining();
  const some = useTrained(({ step }) => step > 0);
  const [working, setWorking] = useState(false);
  const { tell, warn } = useActions();
  const save = async () => {
    setWorking(true);
    try {
      const { name, bytes } = await training.saved();
      saveFile(name, bytes);
      tell(`Saved ${name}.`);
    } catch (error) {
      warn(error);
    }
    setWorking(false);
  };
  return (
    <button
      type="button"
      disabled={!some || working}
      title="The network as it is now, as a model folder for the command line and PyTorch"
      onClick={() => void save()}
    >
      Save model
    </button>
  );
}
