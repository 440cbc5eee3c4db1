import { planeDirections } from "../../state/directions.ts";
import { useSelect } from "../../state/react.tsx";
import { regionGraders } from "../../state/select-masks.ts";
import { slotColour } from "../colours.ts";

/** What the marks on the plane are. */
export function PlaneLegend() {
  const graders = useSelect(regionGraders);
  const right = useSelect((state) => planeDirections(state)?.[0].name ?? "–");
  const up = useSelect((state) => planeDirections(state)?.[1].name ?? "–");
  return (
    <div className="plane-legend">
      <p
        className="sentence"
        title="Each little mask is the model's answer at that z; the other axes are at the prior mean"
      >
        <strong>{right}</strong> to the right, <strong>{up}</strong> upwards, the rest at the prior mean; circles at 1–4
        σ.
      </p>
      <ul>
        <li>
          <span className="mark handle" aria-hidden="true" /> z now: drag it
        </li>
        <li>
          <span className="mark dot" aria-hidden="true" /> drawn samples
        </li>
        {graders.map((grader) => (
          <li key={grader.label} title={grader.name}>
            <span className="mark number" style={{ background: slotColour(grader.slot) }} aria-hidden="true">
              {grader.key === "you" ? "Y" : grader.key + 1}
            </span>{" "}
            {grader.label}
            {grader.areaPx === 0 && <span className="dim"> drew nothing</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
