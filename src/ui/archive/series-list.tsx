import { useArchive, useRuns } from "../../state/app/react.tsx";
import type { DeskState } from "../../state/archive/desk-state.ts";
import { dayInWords } from "./day.ts";

/** The series of a study. Those without pictures are what readers and programs left; they are found with their series. */
export function SeriesList({ study }: { readonly study: NonNullable<DeskState["study"]> }) {
  const { archive } = useRuns();
  const { series, doing } = useArchive((state) => state);
  const pictures = series?.filter((one) => one.pictures) ?? [];
  const beside = (series?.length ?? 0) - pictures.length;
  return (
    <>
      <p className="row">
        <button type="button" onClick={() => archive.back()}>
          All studies
        </button>
        <strong>{study.patientName || study.patientId}</strong>
        <span className="dim">
          {dayInWords(study.date)} {study.description}
        </span>
      </p>
      <div className="archive-list">
        <table aria-label="Series">
          <thead>
            <tr>
              <th>Series</th>
              <th>Modality</th>
              <th className="number">Slices</th>
            </tr>
          </thead>
          <tbody>
            {pictures.map((one) => (
              <tr key={one.series}>
                <td>
                  <button
                    type="button"
                    className="link"
                    disabled={doing !== null}
                    onClick={() => void archive.look(one)}
                  >
                    {one.description || `Series ${one.number ?? ""}`}
                  </button>
                </td>
                <td>{one.modality}</td>
                <td className="number">{one.instances ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pictures.length === 0 && <p>This study holds no pictures of a scan.</p>}
      {beside > 0 && (
        <p className="dim">
          Beside them {beside === 1 ? "lies 1 series" : `lie ${beside} series`} of segmentations, contours or reports:
          what belongs to a series is offered with it.
        </p>
      )}
    </>
  );
}
