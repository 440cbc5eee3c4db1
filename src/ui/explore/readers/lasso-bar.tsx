import { say } from "../../../core/language/say.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { drawingReader, drawnBy, isBlinded, isLocked } from "../../../state/cases/on-screen.ts";
import { whyLocked } from "../../../state/explore/drawing.ts";
import { IconButton } from "../../controls/icon-button.tsx";
import { useMore } from "../../controls/more.tsx";
import { ReadersMenu } from "./readers-menu.tsx";
import "../../style/readers.css";
import type { Tool } from "./tool.ts";

const TOOLS: readonly Tool[] = [
  {
    lasso: "redraw",
    label: say`Draw your outline`,
    icon: "lasso",
    hint: say`Draw round the lesion: you become a grader`,
  },
  { lasso: "add", label: say`Add to your outline`, icon: "plus", hint: say`What you go round is added` },
  {
    lasso: "subtract",
    label: say`Take away from your outline`,
    icon: "minus",
    hint: say`What you go round is taken away`,
  },
];

/** You as a grader: who draws, and the lasso's tools. Undo is the page's undo. */
export function LassoBar() {
  const lasso = useSelect((state) => state.lasso);
  const drawn = useSelect((state) => drawnBy(state, drawingReader(state).id) !== null);
  const blinded = useSelect(isBlinded);
  const locked = useSelect((state) => (isLocked(state) ? said(whyLocked(state)) : null));
  const { setLasso, clearYou, copySample } = useActions();
  // What changes an outline comes with drawing, or with "More".
  const more = useMore("region");
  const all = more || drawn || lasso !== "off" || blinded;
  return (
    <fieldset className="lasso-bar row" aria-label={t`You as a grader`}>
      <ReadersMenu />
      {TOOLS.filter(({ lasso: one }) => one === "redraw" || all).map((tool) => (
        <IconButton
          key={tool.lasso}
          icon={tool.icon}
          label={said(tool.label)}
          title={said(locked ?? tool.hint)}
          pressed={lasso === tool.lasso}
          disabled={locked !== null || (tool.lasso !== "redraw" && !drawn)}
          onClick={() => setLasso(lasso === tool.lasso ? "off" : tool.lasso)}
        />
      ))}
      {all && (
        <>
          <button
            type="button"
            className="quiet"
            title={
              blinded ? t`Not while blinded: samples are hidden` : t`Take the outline of the shown sample as yours`
            }
            disabled={blinded || locked !== null}
            onClick={copySample}
          >{t`Copy sample`}</button>
          <IconButton
            icon="erase"
            label={t`Clear your outline`}
            title={t`Take your outline away`}
            disabled={!drawn || locked !== null}
            onClick={clearYou}
          />
        </>
      )}
    </fieldset>
  );
}
