import { useArchive, useRuns } from "../../state/app/react.tsx";
import { dayInWords } from "./day.ts";

const FIELDS = [
  { field: "patient", label: "Patient", hint: "Name or ID" },
  { field: "date", label: "Date", hint: "20200131" },
  { field: "modality", label: "Modality", hint: "CT" },
  { field: "description", label: "Description", hint: "Part of it" },
] as const;

/** Studies of the archive by patient, date, modality and description, a page at a time. */
export function StudySearch() {
  const { archive } = useRuns();
  const { query, studies, page, doing, site, collection } = useArchive((state) => state);
  return (
    <>
      <form
        className="archive-search"
        onSubmit={(event) => {
          event.preventDefault();
          void archive.search();
        }}
      >
        {FIELDS.map(({ field, label, hint }) => (
          <label key={field} className="archive-field">
            {label}
            <input
              type="text"
              placeholder={hint}
              value={query[field]}
              onChange={(event) => archive.ask({ [field]: event.target.value })}
            />
          </label>
        ))}
        <button type="submit" className="primary">
          Search
        </button>
      </form>
      {site?.collections?.map((one) => (
        <p key={one.name} className="row">
          <button type="button" disabled={doing !== null} onClick={() => void archive.list(one)}>
            List {one.name}
          </button>
          <span className="sentence">Its patients with the nodules that readers marked.</span>
        </p>
      ))}
      {studies?.found.length === 0 && collection && <p>None of these patients is there.</p>}
      {studies?.found.length === 0 && !collection && (
        <p>No study answers to this. Leave a field empty, or try a part of the name.</p>
      )}
      {studies && studies.found.length > 0 && (
        <div className="archive-list">
          <table aria-label="Studies">
            <thead>
              <tr>
                <th>Patient</th>
                <th>Date</th>
                <th>Study</th>
                <th>Modalities</th>
                {collection && <th>Nodules: readers</th>}
                <th className="number">Instances</th>
              </tr>
            </thead>
            <tbody>
              {studies.found.map((study) => (
                <tr key={study.study}>
                  <td>
                    <button
                      type="button"
                      className="link"
                      disabled={doing !== null}
                      onClick={() => void archive.openStudy(study)}
                    >
                      {study.patientName || study.patientId || "No name"}
                    </button>
                    {study.patientName && study.patientId && <span className="dim"> {study.patientId}</span>}
                  </td>
                  <td>{dayInWords(study.date)}</td>
                  <td>{study.description}</td>
                  <td>{study.modalities.join(", ")}</td>
                  {collection && <td>{nodulesInWords(study.nodules ?? [])}</td>}
                  <td className="number">{study.instances ?? "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {studies && (page > 0 || studies.more) && (
        <p className="row">
          <button type="button" disabled={page === 0 || doing !== null} onClick={() => void archive.turnTo(page - 1)}>
            Previous page
          </button>
          <span className="dim">Page {page + 1}</span>
          <button
            type="button"
            disabled={!studies.more || doing !== null}
            onClick={() => void archive.turnTo(page + 1)}
          >
            Next page
          </button>
        </p>
      )}
    </>
  );
}

/** "1: 4, 2: 3", by the nodules' numbers. */
function nodulesInWords(nodules: readonly { readonly name: string; readonly readers: number }[]): string {
  if (nodules.length === 0) return "–";
  return nodules.map(({ name, readers }) => `${name.replace(/^nodule\s+/i, "")}: ${readers}`).join(", ");
}
