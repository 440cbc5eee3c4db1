import { say, type Text } from "../../core/language/say.ts";
import { PRESET_NAMES } from "../../core/lesion/decisions.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";

const TITLES: Readonly<Record<string, Text>> = {
  "fleischner-2017": say`Fleischner 2017`,
  "lung-rads-2022": say`Lung-RADS 2022`,
};
const OWN = "own";

/** Whose thresholds decide: a guideline's, or the person's own. */
export function ThresholdPreset() {
  const { preset, thresholds } = useSelect((state) => state.lesionThresholds);
  const { presetThresholds, setThresholds } = useActions();
  return (
    <select
      aria-label={t`Thresholds`}
      title={t`Sizes at which the advice on a solid nodule changes`}
      value={preset ?? OWN}
      onChange={({ target }) => (target.value === OWN ? setThresholds(thresholds) : presetThresholds(target.value))}
    >
      {PRESET_NAMES.map((name) => (
        <option key={name} value={name}>
          {said(TITLES[name] ?? name)}
        </option>
      ))}
      <option value={OWN}>{t`Your own`}</option>
    </select>
  );
}
