import { useState } from "react";
import { useActions, useRuns, useTaught, useTeaching } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { saveFile } from "../../app/copy-text.ts";

/** Into the menu of models, into the explorer, onto the disk, or away. */
export function Outcome() {
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
            title={t`Puts it into the menu of models until the page is reloaded; download it to have it for good`}
            onClick={() => void tried(keepTaught)}
          >{t`Keep as own model`}</button>
          <button
            type="button"
            disabled={working}
            title={t`The case on the screen, drawn by what was taught`}
            onClick={() =>
              void tried(async () => {
                await keepTaught();
                show("explorer");
              })
            }
          >{t`Open in Explore`}</button>
          <button
            type="button"
            disabled={working}
            title={t`A model folder as a zip: weights, config and card, for this page, the command line and PyTorch`}
            onClick={() =>
              void tried(async () => {
                const { name, bytes } = await teaching.saved();
                saveFile(name, bytes);
                tell(t`Saved ${name}.`);
              })
            }
          >{t`Download`}</button>
        </>
      )}
      <button
        type="button"
        className="quiet"
        disabled={working}
        title={
          keptAs === null ? t`Forgets what was found` : t`Forgets what was found, and takes the model out of the menu`
        }
        onClick={forgetTaught}
      >{t`Forget it`}</button>
      {keptAs !== null && <p className="sentence">{t`In the menu of models as ${keptAs}.`}</p>}
    </div>
  );
}
