import { isQuickEnough, TEACH_DEPTHS, type TeachDepth } from "../../../core/teach/settings.ts";
import { useSelect, useTaught, useTeaching } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";

/** What learns; all of the U-Net where the backend is quick enough for it. */
export function DepthMenu() {
  const teaching = useTeaching();
  const depth = useTaught((state) => state.depth);
  const working = useTaught((state) => state.stage !== "idle");
  const backend = useSelect((state) => state.backend?.backend ?? null);
  return (
    <fieldset className="evaluation-settings" disabled={working}>
      <legend className="visually-hidden">{t`How far down it learns`}</legend>
      <label className="field" title={t`The deeper it learns, the longer it takes, and the more cases it wants`}>
        <span className="heading">{t`What learns`}</span>
        <select value={depth} onChange={({ target }) => teaching.reach(target.value as TeachDepth)}>
          {TEACH_DEPTHS.map((one) => (
            <option key={one} value={one} disabled={!isQuickEnough(one, backend)}>
              {DEPTHS[one]()}
            </option>
          ))}
        </select>
      </label>
      <p className="sentence dim">{SAID[depth]()}</p>
      {!isQuickEnough("all", backend) && (
        <p className="sentence dim">{t`All of the U-Net learns where there is WebGPU, or by the command line's adapt.`}</p>
      )}
    </fieldset>
  );
}

const DEPTHS: Readonly<Record<TeachDepth, () => string>> = {
  head: () => t`The head`,
  block: () => t`The head and the U-Net's last block`,
  all: () => t`The head and all of the U-Net`,
};

const SAID: Readonly<Record<TeachDepth, () => string>> = {
  head: () => t`A gain and an offset for each layer of the head, and a new mean of z: a few numbers.`,
  block: () => t`Also the weights of the last block: several times as long as the head alone.`,
  all: () => t`Also all weights of the U-Net: many times as long as the head alone.`,
};
