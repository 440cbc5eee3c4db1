import { YOU } from "../../../state/app/intent.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { drawingReader, isBlinded } from "../../../state/cases/on-screen.ts";
import { whyLocked } from "../../../state/explore/drawing.ts";
import { Panel } from "../../controls/panel.tsx";

/** Who is blinded, and how that ends; who is done, and what that means. */
export function BlindedBar() {
  const on = useSelect((state) => state.blinding.on);
  const blinded = useSelect(isBlinded);
  const { id, name } = useSelect(drawingReader);
  const why = useSelect((state) => said(whyLocked(state)));
  const { sayDone } = useActions();
  if (!on) return null;
  const whoIsBlinded =
    id === YOU.id
      ? t`You are blinded: everybody else's marks are hidden.`
      : t`${name} is blinded: everybody else's marks are hidden.`;
  return (
    <div className="blinded-bar row">
      <p className="sentence">{blinded ? whoIsBlinded : why}</p>
      {blinded && (
        <button
          type="button"
          className="primary spread"
          title={t`Shows the others on this case; the outline can then not be changed any more, nor what came before be undone`}
          onClick={sayDone}
        >{t`I am done`}</button>
      )}
    </div>
  );
}

/** In the place of a panel that would give others away. */
export function BlindedPanel({ name, className }: { readonly name: string; readonly className: string }) {
  return (
    <Panel name={name} className={`${className} blinded-panel`}>
      <p className="sentence">{t`Hidden while blinded.`}</p>
    </Panel>
  );
}

/** In the place of a view that would give others away. */
export function BlindedView() {
  const { show } = useActions();
  return (
    <main className="blinded" aria-busy="false">
      <Panel name={t`Hidden while blinded`} className="lesion-why">
        <p>{t`This place shows what graders, other readers or samples marked. Draw in Explore and say “I am done”, or switch Blinded off among the readers there.`}</p>
        <button type="button" onClick={() => show("explorer")}>{t`To Explore`}</button>
      </Panel>
    </main>
  );
}
