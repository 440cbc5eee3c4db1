import { useEffect, useState } from "react";
import { fromPlain } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { useActions, useOutbox, useRuns, useSelect } from "../../state/app/react.tsx";
import { said, saidOf, t } from "../../state/app/speech.ts";
import { rich } from "../language/rich.tsx";

const KINDS = [
  { format: "seg", label: say`Segmentation (SEG)`, article: say`a DICOM SEG`, parts: say`segments` },
  { format: "rtstruct", label: say`Contours (RTSTRUCT)`, article: say`an RTSTRUCT`, parts: say`regions` },
] as const;
type Kind = (typeof KINDS)[number]["format"];

/**
 * The segmentation goes back to the archive that the slice came from: what would be sent is shown first, and the archive's
 * answer after.
 */
export function StorePart({ stale, refusal }: { readonly stale: boolean; readonly refusal: string | null }) {
  const { outbox } = useRuns();
  const { prepareStore, warn } = useActions();
  const { ready, sending, answer, unsent } = useOutbox((state) => state);
  const elsewhere = useSelect(({ intent }) => saidOf(outbox.refusal(intent.caseId)) ?? null);
  const [preparing, setPreparing] = useState(false);
  const [kinds, setKinds] = useState<readonly Kind[]>(["seg"]);
  useEffect(() => () => outbox.empty(), [outbox]);
  const host = <strong>{ready?.host}</strong>;
  const patient = <strong>{ready && said(ready.patient)}</strong>;
  const why = elsewhere ?? refusal;
  const prepare = async () => {
    setPreparing(true);
    try {
      await prepareStore(kinds, new Date().toISOString());
    } catch (problem) {
      warn(problem);
    }
    setPreparing(false);
  };
  return (
    <fieldset className="store-part">
      <legend>{t`Back to the archive`}</legend>
      {ready === null ? (
        <p className="row wrapping">
          <button
            type="button"
            disabled={why !== null || stale || preparing || kinds.length === 0}
            onClick={() => void prepare()}
          >{t`Store in archive`}</button>
          {KINDS.map(({ format, label }) => (
            <label key={format} className="tick">
              <input
                type="checkbox"
                checked={kinds.includes(format)}
                onChange={({ target }) =>
                  setKinds(
                    KINDS.map((kind) => kind.format).filter((one) =>
                      one === format ? target.checked : kinds.includes(one),
                    ),
                  )
                }
              />
              {said(label)}
            </label>
          ))}
          <span className="sentence">
            {why ? t`Not here: ${why}.` : t`Shows what would be sent before anything is.`}
          </span>
        </p>
      ) : (
        <>
          <p>
            {ready.parcel.files.map(({ name, bytes }) => (
              <span key={name}>
                {name}, {kilobytes(bytes.length)}: {inWords(name, ready.parcel.segments)}
                <br />
              </span>
            ))}
            {ready.parcel.files.length > 1
              ? rich`They go to ${host}, into the study of ${patient}, as a series of their own, with the patient's tags from the source.`
              : rich`It goes to ${host}, into the study of ${patient}, as a series of its own, with the patient's tags from the source.`}
          </p>
          {unsent && <p role="alert">{said(fromPlain(unsent).sentence)}</p>}
          {answer && <p role="status">{said(answer)}</p>}
          <p className="row">
            {sending && <progress aria-label={t`Storing`} />}
            <button type="button" className="spread" disabled={sending} onClick={() => outbox.empty()}>
              {answer ? t`Done` : t`Do not send`}
            </button>
            {!answer && (
              <button type="button" className="primary" disabled={sending} onClick={() => void outbox.send()}>
                {unsent ? t`Send again` : t`Send`}
              </button>
            )}
          </p>
        </>
      )}
    </fieldset>
  );
}

/** "a DICOM SEG of 21 segments (Sample 01 (seed 0), …, Grader 4)." */
function inWords(name: string, segments: readonly string[]): string {
  const kind = KINDS.find(({ format }) => name.includes(`.${format}.`)) ?? KINDS[0];
  return t`${kind.article} of ${segments.length} ${kind.parts} (${shortList(segments)}).`;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000).toLocaleString("en")} kB`;
}

/** "Sample 01 (seed 0), …, Grader 4" */
function shortList(names: readonly string[]): string {
  if (names.length <= 3) return names.join(", ");
  return `${names[0]}, …, ${names.at(-1)}`;
}
