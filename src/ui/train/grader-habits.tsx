import type { Habit } from "../../core/simulated/graders.ts";
import { useTrained, useTraining } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { slotColour } from "../app/colours.ts";
import { decimals } from "../app/format.ts";
import { LabelledRange } from "../controls/labelled-range.tsx";

/** What the graders do by habit, what of it the samples do, and the habits' sliders. */
export function GraderHabits() {
  const figures = useTrained(({ heldOut }) => heldOut.at(-1));
  const habits = useTrained(({ recipe }) => recipe.habits);
  return (
    <>
      <div className="habits-table">
        <table>
          <thead>
            <tr>
              <th scope="col" className="first">{t`32 held-out cases`}</th>
              <th scope="col">{t`draws nothing`}</th>
              <th scope="col">{t`area, px`}</th>
              <th
                scope="col"
                title={t`Share of the samples whose nearest grader this is (1 − IoU)`}
              >{t`samples nearest`}</th>
            </tr>
          </thead>
          <tbody>
            {habits.map(({ name, title, summary }, g) => {
              const line = figures?.habits[g];
              return (
                <tr key={name}>
                  <th scope="row" className="first" title={said(summary)}>
                    <span className="train-key" style={{ background: slotColour(g) }} /> {said(title)}
                  </th>
                  <td>{percent(line?.empty)}</td>
                  <td>{decimals(line?.areaPx, 0)}</td>
                  <td>{percent(line?.nearest)}</td>
                </tr>
              );
            })}
            <tr>
              <th scope="row" className="first">{t`Samples`}</th>
              <td>{percent(figures?.samples.empty)}</td>
              <td>{decimals(figures?.samples.areaPx, 0)}</td>
              <td />
            </tr>
          </tbody>
        </table>
      </div>
      <p className="sentence">{t`Two samples differ by ${decimals(figures?.diversity, 2)} on average, two graders by ${decimals(figures?.graderSpread, 2)} (1 − IoU).`}</p>
      <Habits habits={habits} />
    </>
  );
}

function Habits({ habits }: { readonly habits: readonly Habit[] }) {
  const training = useTraining();
  const change = (g: number, wanted: Partial<Habit>) =>
    training.change({ habits: habits.map((habit, i) => (i === g ? { ...habit, ...wanted } : habit)) });
  return (
    <details className="train-sliders">
      <summary>{t`Change the graders’ habits`}</summary>
      {habits.map(({ name, title, level, faintest }, g) => (
        <div key={name}>
          <LabelledRange
            label={t`${title}: outline at`}
            hint={t`The share of the tissue’s opacity at which the outline runs: low is generous`}
            min={0.1}
            max={0.9}
            step={0.05}
            value={level}
            shown={`${Math.round(100 * level)} %`}
            onChange={(next) => change(g, { level: next })}
          />
          <LabelledRange
            label={t`${title}: overlooks below`}
            hint={t`Nodules less conspicuous than this are not drawn: contrast times the root of the area`}
            min={0}
            max={12}
            step={0.5}
            value={faintest}
            shown={decimals(faintest, 1)}
            onChange={(next) => change(g, { faintest: next })}
          />
        </div>
      ))}
    </details>
  );
}

function percent(share: number | undefined): string {
  return share === undefined ? "–" : `${Math.round(100 * share)} %`;
}
