import { say } from "../../core/language/say.ts";
import { useArchive, useRuns } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { dayInWords } from "./day.ts";

const FIELDS = [
  { field: "patient", label: say`Patient`, hint: say`Name or ID` },
  { field: "date", label: say`Date`, hint: "20200131" },
  { field: "modality", label: say`Modality`, hint: "CT" },
  { field: "description", label: say`Description`, hint: say`Part of it` },
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
            {said(label)}
            <input
              type="text"
              placeholder={said(hint)}
              value={query[field]}
              onChange={(event) => archive.ask({ [field]: event.target.value })}
            />
          </label>
        ))}
        <button type="submit" className="primary">{t`Search`}</button>
      </form>
      {site?.collections?.map((one) => (
        <p key={one.name} className="row">
          <button type="button" disabled={doing !== null} onClick={() => void archive.list(one)}>
            {t`List ${one.name}`}
          </button>
          <span className="sentence">{t`Its patients with the nodules that readers marked.`}</span>
        </p>
      ))}
      {studies?.found.length === 0 && collection && <p>{t`None of these patients is there.`}</p>}
      {studies?.found.length === 0 && !collection && (
        <p>{t`No study answers to this. Leave a field empty, or try a part of the name.`}</p>
      )}
      {studies && studies.found.length > 0 && (
        <div className="archive-list">
          <table aria-label={t`Studies`}>
            <thead>
              <tr>
                <th>{t`Patient`}</th>
                <th>{t`Date`}</th>
                <th>{t`Study`}</th>
                <th>{t`Modalities`}</th>
                {collection && <th>{t`Nodules: readers`}</th>}
                <th className="number">{t`Instances`}</th>
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
                      {study.patientName || study.patientId || t`No name`}
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
          <button
            type="button"
            disabled={page === 0 || doing !== null}
            onClick={() => void archive.turnTo(page - 1)}
          >{t`Previous page`}</button>
          <span className="dim">{t`Page ${page + 1}`}</span>
          <button
            type="button"
            disabled={!studies.more || doing !== null}
            onClick={() => void archive.turnTo(page + 1)}
          >{t`Next page`}</button>
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
