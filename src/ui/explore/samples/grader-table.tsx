import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { frameOnScreen } from "../../../state/cases/on-screen.ts";
import { type GraderFigures, graderFigures, type Surprise, surprises } from "../../../state/explore/figures.ts";
import { pixelArea, type RegionGrader } from "../../../state/explore/masks.ts";
import { placesGraders } from "../../../state/models/model.ts";
import { areaNumber, areaUnit, decimals } from "../../app/format.ts";
import { SlotLine } from "../../canvas/slot-line.tsx";
import { InfoButton } from "../../concepts/info-button.tsx";
import { Folded } from "../../controls/more.tsx";
import { useRoving } from "../../keyboard/roving.ts";
import { nameSaid } from "../../language/built-in-names.ts";

/** Letters of a name that the table has room for. */
const LONGEST_SHOWN = 6;

/** Per grader: how near the samples come, and how surprising the grader is to the prior. */
export function GraderTable() {
  const rows = useSelect(graderFigures);
  const surprise = useSelect(surprises);
  const perPx = useSelect((state) => pixelArea(frameOnScreen(state)?.slice));
  const { chooseSample } = useActions();
  const group = useRoving<HTMLTableSectionElement>(".link");
  const withKl = useSelect((state) => state.model === null || placesGraders(state));
  const withFields = surprise.some((one) => one !== null && one.fields !== null);
  if (rows.length === 0) return null;
  return (
    <div className="grader-table">
      <table>
        <caption className="visually-hidden">{t`Each grader against the samples, the mean and the prior`}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t`Grader`}</span>{" "}
              <InfoButton about="kl" value={klSaid(rows, surprise)} n={t`${rows.length} graders`} />
            </th>
            <th scope="col">{areaUnit(perPx)}</th>
            <th scope="col">{t`Nearest`}</th>
            <th scope="col">IoU · Dice</th>
            <th scope="col">{t`of mean`}</th>
            {withKl && <th scope="col">{withFields ? "KL z" : "KL"}</th>}
            {withFields && <th scope="col">KL f</th>}
          </tr>
        </thead>
        <tbody ref={group}>
          {rows.map(({ grader, nearest, nearestIou, nearestDice, meanIou, meanDice }, index) => (
            <tr key={grader.label}>
              <th scope="row" title={nameSaid(grader.name)}>
                <SlotLine slot={grader.slot} /> <Name of={grader} />
              </th>
              <td>
                {grader.small ? "< 3 mm" : grader.areaPx === 0 ? "∅" : Math.round(areaNumber(grader.areaPx, perPx))}
              </td>
              <td>
                {nearest === null ? (
                  "–"
                ) : (
                  <button
                    type="button"
                    className="link"
                    aria-label={t`Show sample ${nearest + 1}, nearest to ${grader.label}`}
                    onClick={() => chooseSample(nearest)}
                  >
                    {nearest + 1}
                  </button>
                )}
              </td>
              <td>
                {decimals(nearestIou)} · {decimals(nearestDice)}
              </td>
              <td>
                {decimals(meanIou)} · {decimals(meanDice)}
              </td>
              {withKl && <td>{decimals(surprise[index]?.total, withFields ? 1 : 2)}</td>}
              {withFields && <td>{decimals(surprise[index]?.fields, 1)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="sentence kl-note">
        {withKl
          ? t`KL: how surprising the grader is to the prior, in nats; 0 = just what was expected.${withFields ? t` f: the local fields' part, on top of that of z.` : ""}`
          : t`No KL: this system has no posterior to hold a grader against.`}
      </p>
      <Folded panel="figures">
        {withKl && <PerAxis rows={rows.map(({ grader }) => grader.short)} surprise={surprise} />}
        <Ratings />
      </Folded>
    </div>
  );
}

/** "1 2.60, 2 8.20 nats": what is copied of the column KL. */
function klSaid(rows: readonly GraderFigures[], surprise: readonly (Surprise | null)[]): string {
  const each = rows.map(({ grader }, index) => `${grader.label} ${decimals(surprise[index]?.total)}`);
  return t`KL ${each.join(", ")} nats`;
}

/** A long name gives way to its initials, which stand on the plane too. */
function Name({ of: { label, short, mark } }: { readonly of: RegionGrader }) {
  if (short.length <= LONGEST_SHOWN) return short;
  return (
    <>
      <span className="visually-hidden">{label}</span>
      <span aria-hidden="true">{mark}</span>
    </>
  );
}

function PerAxis({ rows, surprise }: { rows: readonly string[]; surprise: readonly (Surprise | null)[] }) {
  const axes = surprise.find((one) => one !== null)?.perAxis.length ?? 0;
  if (axes === 0) return <p className="sentence">{t`The posteriors are on their way.`}</p>;
  return (
    <table>
      <caption className="visually-hidden">{t`KL in nats per axis`}</caption>
      <thead>
        <tr>
          <th scope="col">{t`KL on`}</th>
          {Array.from({ length: axes }, (_, axis) => (
            <th key={axis} scope="col">
              z{axis + 1}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((label, index) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {Array.from({ length: axes }, (_, axis) => (
              <td key={axis}>{decimals(surprise[index]?.perAxis[axis])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What LIDC's readers said of the nodule, where the file has it. */
function Ratings() {
  const rows = useSelect(graderFigures);
  const names = [...new Set(rows.flatMap(({ grader }) => Object.keys(grader.ratings)))];
  if (names.length === 0) return null;
  return (
    <table>
      <caption>{t`Ratings`}</caption>
      <thead>
        <tr>
          <td />
          {rows.map(({ grader }) => (
            <th key={grader.label} scope="col">
              {typeof grader.key === "number" ? "G" : ""}
              {grader.short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {rows.map(({ grader }) => (
              <td key={grader.label}>{grader.ratings[name] ?? "–"}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
