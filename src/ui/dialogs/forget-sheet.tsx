import { useActions, useSelect } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { MOST_KEPT_BYTES } from "../../state/cases/kept/keep-files.ts";
import { decimals } from "../app/format.ts";
import { SheetFrame } from "./sheet-frame.tsx";

function sizeOf(bytes: number): string {
  return bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : `${decimals(bytes / 1e6, 1)} MB`;
}

/** What is kept on this machine: to open again, and to forget. */
export default function ForgetSheet() {
  const { show, reopenKept, forgetKept, forgetAll, keepWork, chooseMasks, tell } = useActions();
  const { refused, keeping, openings } = useSelect((state) => state.onMachine);
  const masksAre = useSelect((state) => state.masksAre);
  const files = openings.filter(({ bytes }) => bytes > 0);
  const works = openings.flatMap((opening) => Object.values(opening.works));
  const outlines = works.some(({ you, readers = [] }) =>
    [{ outlines: you }, ...readers].some((one) => one.outlines.length > 0),
  );
  const forget = async () => {
    await forgetAll();
    tell(t`Nothing is kept on this machine any more. What is on the screen goes when you leave the page.`);
    show(null);
  };
  return (
    <SheetFrame name={t`Forget everything on this machine`} onClose={() => show(null)}>
      <p>{t`Nothing leaves your machine. So that a reload brings your work back, this browser keeps the files that you opened, the view and your outlines: up to ${MOST_KEPT_BYTES / 1e6} MB, and what was opened least recently goes first. Finished rows of Evaluate are kept as numbers.`}</p>
      {refused && (
        <p className="sentence">{t`This browser refuses to keep anything for the page, as in a private window.`}</p>
      )}
      {!refused && (
        <label className="row">
          <input type="checkbox" checked={keeping} onChange={(event) => void keepWork(event.target.checked)} />
          {t`Keep files, view and outlines on this machine (off: what was kept is forgotten at once)`}
        </label>
      )}
      {masksAre && (
        <p className="row">
          <span>{t`A mask opened alone is ${masksAre === "graders" ? t`graders on the slice on the screen` : t`a new slice`}.`}</span>
          <button type="button" className="spread" onClick={() => chooseMasks(null)}>{t`Ask again`}</button>
        </p>
      )}
      {!refused && keeping && files.length === 0 && (
        <p className="sentence">{t`No file is kept${outlines ? t`, only outlines that you drew on examples` : ""}.`}</p>
      )}
      {files.length > 0 && (
        <ul className="kept" aria-label={t`Open before`}>
          {files.map(({ id, title, bytes, opened }) => (
            <li key={id} className="row">
              <span>
                {said(title)} <span className="dim">{`${sizeOf(bytes)}, ${new Date(opened).toLocaleString()}`}</span>
              </span>
              <button
                type="button"
                className="spread"
                aria-label={t`Open ${title} again`}
                onClick={() => {
                  show(null);
                  void reopenKept(id);
                }}
              >{t`Open`}</button>
              <button
                type="button"
                aria-label={t`Forget ${title}`}
                onClick={() => void forgetKept(id)}
              >{t`Forget`}</button>
            </li>
          ))}
        </ul>
      )}
      <footer className="row">
        <button type="button" className="spread" onClick={() => show(null)}>{t`Cancel`}</button>
        <button type="button" className="primary" onClick={() => void forget()}>{t`Forget everything`}</button>
      </footer>
    </SheetFrame>
  );
}
