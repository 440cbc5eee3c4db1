import { useActions, useSelect } from "../../../state/app/react.tsx";
import { saidOf, t } from "../../../state/app/speech.ts";
import { planeDirections } from "../../../state/explore/latent/directions.ts";
import { graderName } from "../../../state/explore/latent/z.ts";
import { outliningGraders, type RegionGrader } from "../../../state/explore/masks.ts";
import { isQuick, placesGraders } from "../../../state/models/model.ts";
import { slotColour } from "../../app/colours.ts";
import { useRoving } from "../../keyboard/roving.ts";
import { nameSaid } from "../../language/built-in-names.ts";
import { rich } from "../../language/rich.tsx";

/** What the marks on the plane are; a grader's mark is also the button that takes z there. */
export function PlaneLegend() {
  const graders = useSelect(outliningGraders);
  const right = useSelect((state) => saidOf(planeDirections(state)?.[0].label) ?? "–");
  const up = useSelect((state) => saidOf(planeDirections(state)?.[1].label) ?? "–");
  const quick = useSelect((state) => state.model === null || isQuick(state));
  const places = useSelect((state) => state.model === null || placesGraders(state));
  const group = useRoving<HTMLDivElement>(".as-grader");
  return (
    <div ref={group} className="plane-legend">
      <p className="sentence">
        {rich`${<strong>{right}</strong>} right, ${<strong>{up}</strong>} up; circles at 1–4 σ`}
      </p>
      <p>
        <span className="mark handle" aria-hidden="true" /> {t`z: drag it`}
      </p>
      <p>
        <span className="mark dot" aria-hidden="true" /> {t`samples`}
      </p>
      {!quick && (
        <p className="sentence">{t`No little masks: each would be a full pass of this system, and so is each move of z.`}</p>
      )}
      {!places && (
        <p className="sentence">{t`No graders in this plane: this network has no posterior that tells their z.`}</p>
      )}
      {places && graders.length === 0 && (
        <p className="sentence">{t`No graders here: draw an outline with the lasso to be one.`}</p>
      )}
      {places && graders.map((grader) => <AsGrader key={grader.label} grader={grader} />)}
    </div>
  );
}

function AsGrader({ grader: { key, mark, slot, areaPx, name } }: { grader: RegionGrader }) {
  const chosen = useSelect(({ intent: { z } }) => z.source.kind === "posterior" && z.source.grader === key);
  const { asGrader } = useActions();
  const who = useSelect((state) => graderName(state.readers, key));
  const empty = areaPx === 0 ? t`, who drew nothing here` : "";
  return (
    <button
      type="button"
      className="as-grader"
      aria-label={t`As ${who}`}
      aria-pressed={chosen}
      title={`${nameSaid(name)}${empty}`}
      onClick={() => asGrader(key)}
    >
      <span className="mark number" data-number={mark} style={{ background: slotColour(slot) }} aria-hidden="true" />
      <span className="who">{t`As ${who}`}</span>
      {areaPx === 0 && <span className="empty spread" aria-hidden="true" />}
    </button>
  );
}
