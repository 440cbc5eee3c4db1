import { useActions } from "../../state/app/react.tsx";
import { GESTURES, SHORTCUTS, type Shortcut } from "../app/shortcuts.ts";
import { SheetFrame } from "./sheet-frame.tsx";

const GROUPS: readonly Shortcut["group"][] = ["Everywhere", "Latent space", "Picture"];

/** The sheet of keys, drawn from the one table of shortcuts. */
export default function KeysSheet() {
  const { show } = useActions();
  return (
    <SheetFrame name="Keys and help" wide onClose={() => show(null)}>
      <p>
        Graderspace shows where graders of a lesion would part. Drag a slider: the outline is the model's answer at that
        point of its latent space. The samples below are answers drawn at random; the maps say where they differ.
      </p>
      <div className="keys">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {SHORTCUTS.filter((shortcut) => shortcut.group === group).map(({ shown, text }) => (
                <div key={shown}>
                  <dt>{shown.split(" ").map((key) => (key === "–" ? " – " : <kbd key={key}>{key}</kbd>))}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>Hand and wheel</h3>
          <dl>
            {GESTURES.map(([gesture, text]) => (
              <div key={gesture} className="gesture">
                <dt>{gesture}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </SheetFrame>
  );
}
