import { useActions, useSelect } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { isBlinded } from "../../state/cases/on-screen.ts";
import { GESTURES, SHORTCUTS, type Shortcut } from "../app/shortcuts.ts";
import { SheetFrame } from "./sheet-frame.tsx";

const GROUPS: readonly Shortcut["group"][] = ["Everywhere", "Latent space", "Picture"];

/** The sheet of keys, drawn from the one table of shortcuts. */
export default function KeysSheet() {
  const { show, setTour } = useActions();
  const blinded = useSelect(isBlinded);
  const takeTour = () => {
    show(null);
    show("explorer");
    setTour(0);
  };
  return (
    <SheetFrame name={t`Keys and help`} wide onClose={() => show(null)}>
      <p>{t`Graderspace shows where graders of a lesion would part. Drag a slider: the outline is the model's answer at that point of its latent space. The samples below are answers drawn at random; the maps say where they differ.`}</p>
      <div className="row">
        <button
          type="button"
          className="primary"
          disabled={blinded}
          onClick={takeTour}
        >{t`Take the tour (2 minutes)`}</button>
        <button type="button" onClick={() => show("concepts")}>{t`Concepts: z, P, Q, KL, GED² …`}</button>
      </div>
      <div className="keys">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {SHORTCUTS.filter((shortcut) => shortcut.group === group).map(({ shown, text }) => (
                <div key={shown}>
                  <dt>{shown.split(" ").map((key) => (key === "–" ? " – " : <kbd key={key}>{key}</kbd>))}</dt>
                  <dd>{said(text)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t`Hand and wheel`}</h3>
          <dl>
            {GESTURES.map(([gesture, text]) => (
              <div key={said(gesture)} className="gesture">
                <dt>{said(gesture)}</dt>
                <dd>{said(text)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </SheetFrame>
  );
}
