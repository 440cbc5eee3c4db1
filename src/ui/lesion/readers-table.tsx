import { meanDiameterMm } from "../../core/lesion/decisions.ts";
import type { LesionSize } from "../../core/lesion/reader-sizes.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { readerSize } from "../../state/lesion/figures.ts";
import { lesionOnScreen } from "../../state/lesion/keys.ts";
import { graderSlots } from "../../state/lesion/select.ts";
import { READER_COLOUR, slotColour } from "../app/colours.ts";
import { decimals } from "../app/format.ts";
import { nameSaid } from "../language/built-in-names.ts";
import { rich } from "../language/rich.tsx";

/** What each reader makes of the lesion: graders, their consensus, and every sample. */
export function ReadersTable() {
  const followed = useSelect(lesionOnScreen);
  const slots = useSelect(graderSlots);
  const chosen = useSelect((state) => state.lesionLook.sample);
  const { toggleLesionSample } = useActions();
  const measured = followed?.found?.measured;
  if (!followed || !measured)
    return <p className="sentence">{t`Sizes: once the lesion has been followed to its ends.`}</p>;
  const inMm = followed.spacingMm !== null;
  const unit = inMm ? " mm" : " px"; // read out alone: the column has no room
  const { gradersMajority, gradersStaple, samplesMajority } = measured.consensus;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is longer than the panel is scrolled by keys
    <section className="table-frame readers" aria-label={t`Sizes of each reader, scrollable`} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{t`Volume and axes of each reader`}</caption>
        <thead>
          <tr>
            <th scope="col">{t`Reader`}</th>
            <th scope="col">{inMm ? "mm³" : t`voxels`}</th>
            <th scope="col" title={t`Longest axis of any slice, outer pixel edge to outer pixel edge`}>
              {t`long`}
              <span className="visually-hidden">{unit}</span>
            </th>
            <th scope="col" title={t`Perpendicular to it, on the same slice`}>
              {t`short`}
              <span className="visually-hidden">{unit}</span>
            </th>
            <th scope="col" title={t`Mean of both, ${inMm ? "mm" : "px"}`}>
              {t`mean`}
              <span className="visually-hidden">{unit}</span>
            </th>
            <th scope="col" title={t`Slices on which the reader marks it`}>{t`slices`}</th>
          </tr>
        </thead>
        <tbody>
          {measured.graders.map((size, g) => (
            <Row key={followed.graderNames[g]} size={size}>
              <i className="grader-dot" style={{ background: slotColour(slots[g] ?? g) }} />{" "}
              {nameSaid(followed.graderNames[g] ?? "")}
            </Row>
          ))}
          {gradersMajority && <Row size={gradersMajority}>{t`Graders’ majority`}</Row>}
          {gradersStaple && <Row size={gradersStaple}>{t`Graders’ STAPLE`}</Row>}
          {samplesMajority && <Row size={samplesMajority}>{t`Samples’ majority`}</Row>}
          <AtZ />
          {measured.samples.map((size, n) => (
            <Row key={n} size={size} chosen={n === chosen}>
              <button
                type="button"
                className="link"
                aria-pressed={n === chosen}
                title={t`Outline it in the cuts`}
                onClick={() => toggleLesionSample(n)}
              >
                {t`Sample ${n + 1}`}
              </button>
            </Row>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function AtZ() {
  const size = useSelect(readerSize);
  if (!size) return null;
  return <Row size={size}>{rich`${<i className="grader-dot" style={{ background: READER_COLOUR }} />} At z`}</Row>;
}

function Row(props: { readonly size: LesionSize; readonly chosen?: boolean; readonly children: React.ReactNode }) {
  const { size, chosen, children } = props;
  const drew = size.slices > 0;
  return (
    <tr className={chosen ? "chosen" : undefined}>
      <th scope="row">{children}</th>
      {drew ? (
        <>
          <td>{decimals(size.volumeMm3, 0)}</td>
          <td>{decimals(size.longMm, 1)}</td>
          <td>{decimals(size.shortMm, 1)}</td>
          <td>{decimals(meanDiameterMm(size), 1)}</td>
          <td>{size.slices}</td>
        </>
      ) : (
        <td colSpan={5} className="dim">{t`drew nothing`}</td>
      )}
    </tr>
  );
}
