import { useState } from "react";
import { REGION } from "../../core/values/region.ts";
import { useActions, useTrained, useTraining } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
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
          title={playing ? t`Stand still after this step` : t`Train on`}
        >
          {playing ? t`Pause` : t`Play`}
        </button>
        <button
          type="button"
          onClick={() => training.advance()}
          disabled={step >= steps}
          title={t`One step of Adam`}
        >{t`One step`}</button>
        <button
          type="button"
          onClick={() => training.restart()}
          title={t`From the first weights again`}
        >{t`Restart`}</button>
        <Back />
        <OwnModel />
      </div>
      <p className="train-progress">
        <progress aria-label={t`Steps`} value={step} max={steps} />
        <span data-step={step}>{t`step ${step} of ${steps}`}</span>
        <span className="dim">{speed === null ? "" : t`${decimals(speed, 1)} steps per second`}</span>
      </p>
      <p className="sentence train-backend">
        {started
          ? t`${started.weights.toLocaleString("en")} weights on ${started.backend}`
          : t`Making 32 held-out cases …`}
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
      title={t`Back to the weights at the last look at the held-out cases`}
      onClick={() => training.back()}
    >
      {to === null ? t`Back` : t`Back to ${to}`}
    </button>
  );
}

/** What was learnt, as a model of one's own: into the explorer's menu, or onto the disk. */
function OwnModel() {
  const training = useTraining();
  const some = useTrained(({ step }) => step > 0);
  const [working, setWorking] = useState(false);
  const { openFiles, show, tell, warn } = useActions();
  const take = async (model: (name: string, bytes: Uint8Array) => Promise<void> | void, region?: number) => {
    setWorking(true);
    try {
      const { name, bytes } = await training.saved(region);
      await model(name, bytes);
    } catch (error) {
      warn(error);
    }
    setWorking(false);
  };
  const save = (name: string, bytes: Uint8Array) => {
    saveFile(name, bytes);
    tell(t`Saved ${name}.`);
  };
  const open = async (name: string, bytes: Uint8Array) => {
    training.pause();
    await openFiles([new File([bytes as BlobPart], name)]);
    show("explorer");
  };
  return (
    <>
      <button
        type="button"
        disabled={!some || working}
        title={t`The network as it is now, as a model of the menu; it learnt from smaller regions than the explorer shows it`}
        onClick={() => void take(open, REGION)}
      >{t`Open in Explore`}</button>
      <button
        type="button"
        disabled={!some || working}
        title={t`The network as it is now, as a model folder for the command line and PyTorch`}
        onClick={() => void take(save)}
      >{t`Save model`}</button>
    </>
  );
}
