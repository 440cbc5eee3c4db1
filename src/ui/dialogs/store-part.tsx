import { useEffect, useState } from "react";
import { fromPlain } from "../../core/errors.ts";
import { useActions, useOutbox, useRuns, useSelect } from "../../state/app/react.tsx";

const KINDS = [
  { format: "seg", label: "Segmentation (SEG)", said: "a DICOM SEG", parts: "segments" },
  { format: "rtstruct", label: "Contours (RTSTRUCT)", said: "an RTSTRUCT", parts: "regions" },
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
  const elsewhere = useSelect(({ intent }) => outbox.refusal(intent.caseId));
  const [preparing, setPreparing] = useState(false);
  const [kinds, setKinds] = useState<readonly Kind[]>(["seg"]);
  useEffect(() => () => outbox.empty(), [outbox]);
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
      <legend>Back to the archive</legend>
      {ready === null ? (
        <p className="row wrapping">
          <button
            type="button"
            disabled={why !== null || stale || preparing || kinds.length === 0}
            onClick={() => void prepare()}
          >
            Store in archive
          </button>
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
              {label}
            </label>
          ))}
          <span className="sentence">{why ? `Not here: ${why}.` : "Shows what would be sent before anything is."}</span>
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
            {ready.parcel.files.length > 1 ? "They go" : "It goes"} to <strong>{ready.host}</strong>, into the study of{" "}
            <strong>{ready.patient}</strong>, as a series of {ready.parcel.files.length > 1 ? "their" : "its"} own, with
            the patient's tags from the source.
          </p>
          {unsent && <p role="alert">{fromPlain(unsent).message}</p>}
          {answer && <p role="status">{answer}</p>}
          <p className="row">
            {sending && <progress aria-label="Storing" />}
            <button type="button" className="spread" disabled={sending} onClick={() => outbox.empty()}>
              {answer ? "Done" : "Do not send"}
            </button>
            {!answer && (
              <button type="button" className="primary" disabled={sending} onClick={() => void outbox.send()}>
                {unsent ? "Send again" : "Send"}
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
  return `${kind.said} of ${segments.length} ${kind.parts} (${shortList(segments)}).`;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000).toLocaleString("en")} kB`;
}

/** "Sample 01 (seed 0), …, Grader 4" */
function shortList(names: readonly string[]): string {
  if (names.length <= 3) return names.join(", ");
  return `${names[0]}, …, ${names.at(-1)}`;
}
