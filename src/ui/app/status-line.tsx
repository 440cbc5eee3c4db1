import { placeOf } from "../../state/app/places.ts";
import { useActions, useExplorer, useSelect } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import type { Job, JobName } from "../../state/app/work/job.ts";
import { IconButton } from "../controls/icon-button.tsx";

/** Work in flight, what is said once and quietly, and the sentences that a person must not miss. */
export function StatusLine() {
  return (
    <footer className="status-line">
      <Work />
      <Said />
      <p className="standing">
        <WhereThingsGo /> <WhatIsKept /> <strong>{t`Not for clinical use.`}</strong>
      </p>
    </footer>
  );
}

/** The hosts that this page may ask are named, where whoever serves it allows it any. */
function WhereThingsGo() {
  const hosts = useExplorer().archives.map(({ host }) => host);
  if (hosts.length === 0) return <span>{t`Everything stays on your machine.`}</span>;
  return <span>{t`Only what you search, open or store in an archive goes to ${hosts.join(", ")}.`}</span>;
}

function WhatIsKept() {
  const { show } = useActions();
  return (
    <button
      type="button"
      className="link"
      title={t`Files, view and outlines are kept by this browser over a reload; forget them here`}
      onClick={() => show("forget")}
    >{t`Kept here`}</button>
  );
}

/** Evaluate's views show these themselves. */
const IN_EVALUATE: readonly JobName[] = ["evaluate", "agreement", "lesions", "teach"];

function Work() {
  const jobs = useSelect((state) => state.jobs);
  const evaluating = useSelect((state) => placeOf(state.view) === "evaluate");
  const { cancel } = useActions();
  // The slice panel, the columns of the comparison and the evaluation show their runs themselves, so that they hide no
  // other; nobody waits for what the sliders do, after each move.
  const running = (Object.entries(jobs) as [JobName, Job][]).filter(
    ([name]) =>
      name !== "whole" &&
      name !== "effects" &&
      !name.startsWith("compare:") &&
      !(evaluating && IN_EVALUATE.includes(name)),
  );
  const [name, job] = running.find(([, { progress }]) => progress !== null) ?? running[0] ?? [null, null];
  if (!job) return <Again />;
  return (
    <p className="work">
      <progress aria-label={said(job.what)} {...(job.progress === null ? {} : { value: job.progress })} max={1} />
      <span className="dim">{said(job.what)}</span>
      <button type="button" className="link" onClick={() => cancel(name)}>{t`Cancel`}</button>
    </p>
  );
}

/** What failed or was cancelled can be tried again. */
function Again() {
  const stopped = useSelect((state) =>
    Object.entries(state.failures).some(([job, failure]) => failure !== undefined && !job.startsWith("compare:")),
  );
  const { retry } = useActions();
  return (
    <p className="work">
      {stopped && (
        <>
          <span className="dim">{t`Something was left unfinished.`}</span>
          <button type="button" className="link" onClick={retry}>{t`Try again`}</button>
        </>
      )}
    </p>
  );
}

function Said() {
  const status = useSelect((state) => state.notices.findLast(({ kind }) => kind === "status")?.text ?? "");
  return (
    <p className="said" role="status">
      {said(status)}
    </p>
  );
}

/** Sentences about what went wrong, over the page until they are closed. */
export function Alerts() {
  const notices = useSelect((state) => state.notices);
  const { dismiss, takeNewVersion } = useActions();
  return (
    <div className="alerts">
      {notices
        .filter(({ kind }) => kind === "alert")
        .map(({ id, text, remedy }) => (
          <div key={id} className="alert" role="alert">
            <p>{said(text)}</p>
            {remedy === "reload" && (
              <button type="button" className="primary" onClick={() => void takeNewVersion()}>{t`Reload`}</button>
            )}
            <IconButton icon="close" look="quiet" label={t`Close message`} onClick={() => dismiss(id)} />
          </div>
        ))}
    </div>
  );
}
