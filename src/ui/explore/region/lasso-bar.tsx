import type { Lasso } from "../../../state/app/intent.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { yourMask } from "../../../state/cases/on-screen.ts";
import { IconButton } from "../../controls/icon-button.tsx";
import { Icon, type IconName } from "../../controls/icons.tsx";

const TOOLS: readonly {
  readonly lasso: Lasso;
  readonly label: string;
  readonly icon: IconName;
  readonly hint: string;
}[] = [
  { lasso: "redraw", label: "Draw your outline", icon: "lasso", hint: "Draw round the lesion: you become a grader" },
  { lasso: "add", label: "Add to your outline", icon: "plus", hint: "What you go round is added" },
  { lasso: "subtract", label: "Take away from your outline", icon: "minus", hint: "What you go round is taken away" },
];

/** You as a grader: the lasso's tools. Undo is the page's undo. */
export function LassoBar() {
  const lasso = useSelect((state) => state.lasso);
  const drawn = useSelect((state) => yourMask(state) !== null);
  const { setLasso, clearYou, copySample } = useActions();
  return (
    <fieldset className="lasso-bar row" aria-label="You as a grader">
      <span className="dim">You</span>
      {TOOLS.map((tool) => (
        <button
          key={tool.lasso}
          type="button"
          className="icon"
          aria-label={tool.label}
          title={tool.hint}
          aria-pressed={lasso === tool.lasso}
          disabled={tool.lasso !== "redraw" && !drawn}
          onClick={() => setLasso(lasso === tool.lasso ? "off" : tool.lasso)}
        >
          <Icon name={tool.icon} />
        </button>
      ))}
      <button
        type="button"
        className="quiet"
        title="Take the outline of the shown sample as yours"
        onClick={copySample}
      >
        Copy sample
      </button>
      <IconButton
        icon="erase"
        label="Clear your outline"
        title="Take your outline away"
        disabled={!drawn}
        onClick={clearYou}
      />
    </fieldset>
  );
}
