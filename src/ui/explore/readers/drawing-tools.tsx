import { say } from "../../../core/language/say.ts";
import { WIDEST_BRUSH } from "../../../state/app/places.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { caseOnScreen, drawingReader, drawnBy, frameOnScreen } from "../../../state/cases/on-screen.ts";
import { gapsAround } from "../../../state/explore/drawing.ts";
import { decimals } from "../../app/format.ts";
import { IconButton } from "../../controls/icon-button.tsx";
import { LabelledRange } from "../../controls/labelled-range.tsx";
import type { Tool } from "./tool.ts";

const ROUND: readonly Tool[] = [
  { lasso: "brush", label: say`Brush`, icon: "brush", hint: say`What the round brush passes over is added` },
  { lasso: "erase", label: say`Eraser`, icon: "eraser", hint: say`What the round eraser passes over is taken away` },
];

/** What helps to draw beside the lasso; folded until drawing begins. */
export function DrawingTools() {
  const lasso = useSelect((state) => state.lasso);
  const drawn = useSelect((state) => drawnBy(state, drawingReader(state).id) !== null);
  const { setLasso, fillYourHoles } = useActions();
  if (lasso === "off") return null;
  return (
    <fieldset className="drawing-tools row" aria-label={t`Drawing tools`}>
      {ROUND.map((tool) => (
        <IconButton
          key={tool.lasso}
          icon={tool.icon}
          label={said(tool.label)}
          title={said(tool.hint)}
          pressed={lasso === tool.lasso}
          disabled={tool.lasso === "erase" && !drawn}
          onClick={() => setLasso(tool.lasso)}
        />
      ))}
      {lasso === "brush" || lasso === "erase" ? (
        <BrushSize />
      ) : (
        <span className="sentence">{t`Go round the lesion; Esc ends it.`}</span>
      )}
      <span className="spread" />
      <button
        type="button"
        className="quiet"
        title={t`Marks everything that your outline encloses`}
        disabled={!drawn}
        onClick={fillYourHoles}
      >{t`Fill holes`}</button>
      <Interpolate />
    </fieldset>
  );
}

/** In pixels, and in millimetres where they are known. */
function BrushSize() {
  const brush = useSelect((state) => state.brush);
  const mm = useSelect((state) => frameOnScreen(state)?.slice.spacingMm?.[1] ?? null);
  const { setBrush } = useActions();
  const shown = `${brush} px${mm === null ? "" : ` · ${decimals(brush * mm, 1)} mm`}`;
  return (
    <LabelledRange
      label={t`Size`}
      hint={t`How wide brush and eraser are; keys [ and ]`}
      min={1}
      max={WIDEST_BRUSH}
      step={1}
      value={brush}
      shown={shown}
      onChange={setBrush}
    />
  );
}

function Interpolate() {
  const stack = useSelect((state) => (caseOnScreen(state)?.frames ?? 1) > 1);
  const possible = useSelect((state) => gapsAround(state).length > 0);
  const { interpolate } = useActions();
  if (!stack) return null;
  return (
    <button
      type="button"
      className="quiet"
      title={
        possible
          ? t`Draws your outline on the slices between the nearest two that you drew on`
          : t`Draw on a slice below and on one above, with slices in between`
      }
      disabled={!possible}
      onClick={interpolate}
    >{t`Interpolate`}</button>
  );
}
