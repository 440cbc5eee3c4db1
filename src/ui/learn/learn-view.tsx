import { say, type Text } from "../../core/language/say.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { ChoiceStrip } from "../controls/choice-strip.tsx";
import TrainView from "../train/train-view.tsx";
import { HowView } from "./how-view.tsx";
import "../style/learn.css";

type Part = "learn" | "train";

const PARTS: readonly { readonly value: Part; readonly label: Text; readonly hint: Text }[] = [
  { value: "learn", label: say`How it works`, hint: say`The network, part by part, on the region that is open` },
  {
    value: "train",
    label: say`Watch it learn`,
    hint: say`The paper’s network trained from its first weights on, in this page`,
  },
];

/** How the network works on the open region, and how it learns. */
export default function LearnView() {
  const part = useSelect((state): Part => (state.view === "train" ? "train" : "learn"));
  const { show } = useActions();
  return (
    <div className="learn">
      <nav className="learn-parts" aria-label={t`Parts of Learn`}>
        <ChoiceStrip<Part> label={t`What is learnt`} value={part} options={PARTS} onChange={show} />
      </nav>
      {part === "train" ? <TrainView /> : <HowView />}
    </div>
  );
}
