import { useActions, useArchive, useRuns } from "../../state/app/react.tsx";
import { SheetFrame } from "../dialogs/sheet-frame.tsx";
import { ArchiveTrouble } from "./archive-trouble.tsx";
import { SeriesList } from "./series-list.tsx";
import { SeriesSeenPart } from "./series-seen.tsx";
import { StudySearch } from "./study-search.tsx";
import "../style/archive.css";

/** Open from archive: search studies, choose a series, choose a nodule. */
export default function ArchiveSheet() {
  const { archive } = useRuns();
  const { show } = useActions();
  const { sites, site, study, viewed, doing } = useArchive((state) => state);
  const close = () => {
    archive.cancel();
    show(null);
  };
  return (
    <SheetFrame name="Open from archive" wide onClose={close}>
      {sites.length > 1 && (
        <label className="row">
          Archive
          <select
            value={site?.base}
            onChange={(event) => {
              const chosen = sites.find(({ base }) => base === event.target.value);
              if (chosen) archive.chooseSite(chosen);
            }}
          >
            {sites.map(({ base, host }) => (
              <option key={base} value={base}>
                {host}
              </option>
            ))}
          </select>
        </label>
      )}
      <ArchiveTrouble />
      {viewed ? (
        <SeriesSeenPart seen={viewed} onOpened={close} />
      ) : study ? (
        <SeriesList study={study} />
      ) : (
        <StudySearch />
      )}
      <footer className="row archive-foot">
        {doing ? (
          <>
            <progress aria-label={doing} />
            <span className="dim">{doing} …</span>
            <button type="button" className="link" onClick={() => archive.cancel()}>
              Cancel
            </button>
          </>
        ) : (
          <span className="dim">
            {site?.host} is asked for what you search and open here, and for nothing else. Nothing of it is kept over a
            reload.
          </span>
        )}
      </footer>
    </SheetFrame>
  );
}
