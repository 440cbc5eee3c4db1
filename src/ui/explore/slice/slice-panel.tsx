import { say, type Text } from "../../../core/language/say.ts";
import { WINDOW_PRESETS } from "../../../core/values/window.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { caseOnScreen, frameOnScreen } from "../../../state/cases/on-screen.ts";
import { usePhone } from "../../app/phone.ts";
import { InfoButton } from "../../concepts/info-button.tsx";
import { ChoiceStrip } from "../../controls/choice-strip.tsx";
import { LabelledRange } from "../../controls/labelled-range.tsx";
import { Folded } from "../../controls/more.tsx";
import { Panel } from "../../controls/panel.tsx";
import { nameSaid } from "../../language/built-in-names.ts";
import { CaseNote } from "./case-note.tsx";
import { SliceView } from "./slice-view.tsx";
import { WholeSliceBar } from "./whole-slice-bar.tsx";

/** The whole slice with its window, its frames and its origin. */
export function SlicePanel() {
  const phone = usePhone(); // the slice stands far below there: the note goes with the region
  const title = useSelect((state) => caseOnScreen(state)?.title ?? "");
  return (
    <Panel name={t`Slice`} className="slice" aside={<p className="case-title">{nameSaid(title)}</p>} more="slice">
      <SliceView />
      <Frames />
      <Folded panel="slice" className="slice-more">
        <div className="row">
          <Presets />
          <InfoButton about="slice" />
        </div>
        <WholeSliceBar />
      </Folded>
      {!phone && <CaseNote />}
    </Panel>
  );
}

const LABELS: Readonly<Record<string, Text>> = {
  lung: say`lung`,
  "soft tissue": say`soft`,
  mediastinum: say`mediast.`,
  bone: say`bone`,
  full: say`full`,
};

function Presets() {
  const window = useSelect((state) => state.intent.view.window);
  const unit = useSelect((state) => frameOnScreen(state)?.slice.unit ?? "HU");
  const { setWindow } = useActions();
  const chosen = WINDOW_PRESETS.find(({ window: preset }) =>
    preset === null ? window === null : window?.[0] === preset.centre && window[1] === preset.width,
  );
  return (
    <ChoiceStrip
      label={t`Window`}
      value={chosen?.name ?? ""}
      options={WINDOW_PRESETS.map(({ name, window: preset }) => ({
        value: name,
        label: LABELS[name] ?? name,
        disabled: unit !== "HU" && preset !== null,
      }))}
      onChange={(name) => {
        const preset = WINDOW_PRESETS.find((one) => one.name === name)?.window;
        setWindow(preset ? [preset.centre, preset.width] : null);
      }}
    />
  );
}

function Frames() {
  const frames = useSelect((state) => caseOnScreen(state)?.frames ?? 1);
  const frame = useSelect((state) => state.intent.frame);
  const { setFrame } = useActions();
  if (frames < 2) return null;
  return (
    <LabelledRange
      label={t`Slice of the stack`}
      min={1}
      max={frames}
      step={1}
      value={frame + 1}
      shown={`${frame + 1}/${frames}`}
      onChange={(value) => void setFrame(value - 1)}
    />
  );
}
