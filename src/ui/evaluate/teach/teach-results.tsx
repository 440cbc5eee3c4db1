import type { Interval } from "../../../core/measures/bootstrap.ts";
import { DEFAULT_TEACHING } from "../../../core/teach/settings.ts";
import type { Taught } from "../../../core/teach/taught.ts";
import { TAUGHT_FIGURES, TAUGHT_LABELS, verdictSentence } from "../../../core/teach/verdict.ts";
import { useTaught } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { decimals, signed } from "../../app/format.ts";
import { Panel } from "../../controls/panel.tsx";
import "../../style/agreement.css";
import "../../style/teach.css";

/** What teaching came to: held-out figures before and after, fold by fold, and a plain sentence. */
export function TeachResults() {
  const taught = useTaught((state) => state.taught);
  const folds = useTaught((state) => state.folds);
  const asked = useTaught((state) => state.asked);
  if (!asked) return <About />;
  return (
    <div className="agreement-results teach-results">
      <Panel
        name={t`Before and after`}
        className="teach-figures"
        aside={
          <p className="sentence asked">
            {asked.title} · {asked.pack.title}
          </p>
        }
      >
        {taught ? (
          <Figures taught={taught} />
        ) : (
          <p className="dim">{t`The figures come when every case was held out once.`}</p>
        )}
        <LeftOut />
      </Panel>
      <Panel name={t`Folds`} className="teach-folds">
        {folds.length > 0 ? <Folds /> : <p className="dim">{t`None is judged yet.`}</p>}
      </Panel>
    </div>
  );
}

function About() {
  return (
    <Panel name={t`Teach it your graders`} className="evaluation-intro">
      <p>{t`Graders whose habits are not those that a model learnt from can be taught to it: from a pack of 8 cases on, better of 40. The layers of the head get a gain and an offset each, and z a new mean, so that samples lie as near to these graders as can be (energy distance). The U-Net stays as it is, unless its last block is to learn as well.`}</p>
      <p>{t`The cases are dealt into five folds by patient. Each fold is judged by a head that has not seen its patients. Only where the held-out GED² is lower beyond doubt is a model offered; else the page says so, and the model stays.`}</p>
      <p>{t`Everything is computed on this machine, and nothing leaves it. For research, not for clinical use.`}</p>
    </Panel>
  );
}

function Figures({ taught }: { readonly taught: Taught }) {
  return (
    <>
      <p className={taught.retouch ? "teach-verdict gain" : "teach-verdict"} role="status">
        {said(verdictSentence(taught.verdict, taught))}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled by keys */}
      <section className="table-frame" aria-label={t`Figures before and after, scrollable`} tabIndex={0}>
        <table>
          <caption className="visually-hidden">{t`Held-out figures before and after, with 95 % intervals`}</caption>
          <thead>
            <tr>
              <th scope="col" className="first">
                n = {DEFAULT_TEACHING.count}
              </th>
              <th scope="col">{t`Before`}</th>
              <th scope="col">{t`After`}</th>
              <th scope="col">{t`Change`}</th>
            </tr>
          </thead>
          <tbody>
            {TAUGHT_FIGURES.map((name) => {
              const { before, after, change } = taught.verdict.figures[name];
              const { label, better } = TAUGHT_LABELS[name];
              return (
                <tr key={name}>
                  <th scope="row" className="first" title={BETTER[better ?? "neither"]()}>
                    {said(label)}
                  </th>
                  <td>
                    <Cell of={before} />
                  </td>
                  <td>
                    <Cell of={after} />
                  </td>
                  <td>
                    {signed(change.mean, 3)}
                    <span className="interval">{t`${signed(change.low, 3)} to ${signed(change.high, 3)}`}</span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <p className="sentence caution">
        {taught.patients === null
          ? t`95 % intervals by resampling cases: the pack names no patients. GED² is biased. Research, not for clinical use.`
          : t`95 % intervals by resampling patients. GED² is biased. Research, not for clinical use.`}
      </p>
    </>
  );
}

const BETTER = {
  lower: () => t`lower is better`,
  higher: () => t`higher is better`,
  neither: () => t`to be read beside the graders' own`,
};

function Cell({ of: { mean, low, high } }: { readonly of: Interval }) {
  return (
    <>
      {decimals(mean, 3)}
      <span className="interval">
        {decimals(low, 3)}–{decimals(high, 3)}
      </span>
    </>
  );
}

function Folds() {
  const folds = useTaught((state) => state.folds);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled by keys
    <section className="table-frame" aria-label={t`Folds, scrollable`} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{t`GED² of each fold's held-out cases`}</caption>
        <thead>
          <tr>
            <th scope="col" className="first">{t`Fold`}</th>
            <th scope="col">{t`Cases`}</th>
            <th scope="col" title={t`Until the cases held out within it stopped gaining`}>{t`Steps`}</th>
            <th scope="col">{t`GED² before`}</th>
            <th scope="col">{t`After`}</th>
          </tr>
        </thead>
        <tbody>
          {folds.map(({ fold, cases, steps, before, after }) => (
            <tr key={fold}>
              <th scope="row" className="first">
                {fold + 1}
              </th>
              <td>{cases}</td>
              <td>{steps}</td>
              <td>{decimals(before, 3)}</td>
              <td>{decimals(after, 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function LeftOut() {
  const failed = useTaught((state) => state.failed);
  if (failed.length === 0) return null;
  return (
    <ul className="agreement-notes" aria-label={t`What is in no figure`}>
      {failed.map(({ row, id, sentence }) => (
        <li key={row} className="sentence">
          {t`${id} is left out: ${sentence}`}
        </li>
      ))}
    </ul>
  );
}
