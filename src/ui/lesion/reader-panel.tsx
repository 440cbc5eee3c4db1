import { useActions, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { frameOnScreen } from "../../state/cases/on-screen.ts";
import { slidersAreModes } from "../../state/explore/latent/directions.ts";
import { lesionOnScreen } from "../../state/lesion/keys.ts";
import { readerSlices, whyNoReader } from "../../state/lesion/reader-keys.ts";
import { Panel } from "../controls/panel.tsx";
import { Sliders, Source } from "../explore/latent/sliders.tsx";

/** The sliders of z: one reader through all slices of the lesion. */
export function ReaderPanel() {
  const why = useSelect(whyNoReader);
  const kind = useSelect((state) => state.intent.z.source.kind);
  const { priorMean } = useActions();
  if (why !== null) {
    return (
      <Panel name={t`Latent space`} className="lesion-reader">
        <p className="sentence">{why}</p>
      </Panel>
    );
  }
  return (
    <Panel
      name={t`Latent space`}
      className="lesion-reader"
      aside={
        <>
          <Source />
          <button
            type="button"
            className="quiet"
            aria-pressed={kind === "mean"}
            title={t`The middle of what the model expects on each slice before it has seen any grader`}
            onClick={priorMean}
          >{t`Prior mean`}</button>
        </>
      }
    >
      <Sliders />
      <Said />
    </Panel>
  );
}

/** What the sliders' reader is, and what it is not. */
function Said() {
  const followed = useSelect((state) => lesionOnScreen(state)?.found?.grown ?? null);
  const drawn = useSelect(readerSlices).length;
  const modes = useSelect(slidersAreModes);
  const slice = useSelect((state) => (frameOnScreen(state)?.index ?? 0) + 1);
  if (!followed)
    return <p className="sentence">{t`The sliders’ reader: once the lesion has been followed to its ends.`}</p>;
  const all = followed.last - followed.first + 1;
  return (
    <p className="sentence">
      {t`One reader on all slices: z in σ of each slice’s own prior, local fields at 0. It is none of the samples, whose slices are tied more loosely.`}
      {modes && t` The modes are those of slice ${slice}.`}
      {drawn < all && t` Drawn on the ${drawn} slices nearest to slice ${slice}: more are not kept in memory.`}
    </p>
  );
}
