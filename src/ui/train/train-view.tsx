import { useEffect } from "react";
import { useTrained, useTraining } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { Panel } from "../controls/panel.tsx";
import { GraderHabits } from "./grader-habits.tsx";
import { HeldOutCases } from "./held-out-cases.tsx";
import { LearningCurves } from "./learning-curves.tsx";
import { PlayBar } from "./play-bar.tsx";
import { TrainingControls } from "./training-controls.tsx";
import "../style/train.css";

/** The paper's network, trained from scratch in the page on simulated nodules and graders. */
export default function TrainView() {
  const training = useTraining();
  const busy = useTrained(({ working }) => working);
  const error = useTrained((state) => state.error);
  // Work goes on only while somebody can see it: not in another place of the page, not in a hidden tab.
  useEffect(() => {
    const follow = () => training.see(!document.hidden);
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      training.see(false);
    };
  }, [training]);
  return (
    <main className="train" aria-busy={busy}>
      <Panel name={t`Train`} className="train-side">
        <p className="sentence">{t`The paper’s network learns from nothing but simulated nodules and four simulated graders.`}</p>
        <PlayBar />
        {error && (
          <p
            className="sentence"
            role="alert"
          >{t`The training stopped: ${error.facts.problem}. Restart begins anew.`}</p>
        )}
        <TrainingControls />
      </Panel>
      <Panel name={t`Learning curves`} className="train-curves">
        <LearningCurves />
      </Panel>
      <div className="train-right">
        <Panel name={t`Two cases it has not seen`} className="train-cases">
          <HeldOutCases />
        </Panel>
        <Panel name={t`Graders and samples`} className="train-habits">
          <GraderHabits />
        </Panel>
      </div>
    </main>
  );
}
