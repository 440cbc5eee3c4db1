import { meanDiameterMm } from "../../core/lesion/decisions.ts";
import type { LesionSize } from "../../core/lesion/reader-sizes.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { readerSize } from "../../state/lesion/figures.ts";
import { lesionOnScreen } from "../../state/lesion/keys.ts";
import { graderSlots } from "../../state/lesion/select.ts";
import { READER_COLOUR, slotColour } from "../app/colours.ts";
import { decimals } from "../app/format.ts";

/** What each reader makes of the lesion: graders, their consensus, and every sample. */
export function ReadersTable() {
  const followed = useSelect(lesionOnScreen);
  const slots = useSelect(graderSlots);
  const chosen = useSelect((state) => state.lesionLook.sample);
  const { toggleLesionSample } = useActions();
  const measured = followed?.found?.measured;
  if (!followed || !measured) return <p className="sentence">Sizes: once the lesion has been followed to its ends.</p>;
  const inMm = followed.spacingMm !== null;
  const { gradersMajority, gradersStaple, samplesMajority } = measured.consensus;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is longer than the panel is scrolled by keys
    <section className="table-frame readers" aria-label="Sizes of each reader, scrollable" tabIndex={0}>
      <table>
        <caption className="visually-hidden">Volume and axes of each reader</caption>
        <thead>
          <tr>
            <th scope="col">Reader</th>
            <th scope="col">{inMm ? "mm³" : "voxels"}</th>
            <th scope="col" title="Longest axis of any slice, outer pixel edge to outer pixel edge">
              long
            </th>
            <th scope="col" title="Perpendicular to it, on the same slice">
              short
            </th>
            <th scope="col" title={`Mean of both, ${inMm ? "mm" : "px"}`}>
              mean
            </th>
            <th scope="col" title="Slices on which the reader marks it">
              slices
            </th>
          </tr>
        </thead>
        <tbody>
          {measured.graders.map((size, g) => (
            <Row key={followed.graderNames[g]} size={size}>
              <i className="grader-dot" style={{ background: slotColour(slots[g] ?? g) }} /> {followed.graderNames[g]}
            </Row>
          ))}
          {gradersMajority && <Row size={gradersMajority}>Graders’ majority</Row>}
          {gradersStaple && <Row size={gradersStaple}>Graders’ STAPLE</Row>}
          {samplesMajority && <Row size={samplesMajority}>Samples’ majority</Row>}
          <AtZ />
          {measured.samples.map((size, n) => (
            <Row key={n} size={size} chosen={n === chosen}>
              <button
                type="button"
                className="link"
                aria-pressed={n === chosen}
                title="Outline it in the cuts"
                onClick={() => toggleLesionSample(n)}
              >
                Sample {n + 1}
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
  return (
    <Row size={size}>
      <i className="grader-dot" style={{ background: READER_COLOUR }} /> At z
    </Row>
  );
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
        <td colSpan={5} className="dim">
          drew nothing
        </td>
      )}
    </tr>
  );
}
