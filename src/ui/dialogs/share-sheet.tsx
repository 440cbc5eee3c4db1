import { useMemo } from "react";
import { useActions, useExplorer, useSelect } from "../../state/app/react.tsx";
import { caseOnScreen } from "../../state/cases/on-screen.ts";
import { copyText, linkTo } from "../app/copy-text.ts";
import { SheetFrame } from "./sheet-frame.tsx";

/** The link to this view: copied at once, and there to be copied by hand. */
export default function ShareSheet() {
  const explorer = useExplorer();
  const { show, tell } = useActions();
  const own = useSelect((state) => caseOnScreen(state)?.own ?? false);
  const inArchive = useSelect(
    ({ intent }) => (intent.caseId && explorer.runs.ready()?.archive.originOf(intent.caseId)?.link) ?? null,
  );
  const link = useMemo(() => linkTo(explorer.hash()), [explorer]);
  return (
    <SheetFrame name="Share this view" onClose={() => show(null)}>
      <label className="share-link">
        <span className="visually-hidden">Link to this view</span>
        <input
          type="text"
          readOnly
          aria-label="Link to this view"
          value={link}
          onFocus={(event) => event.target.select()}
        />
      </label>
      <p className="sentence">
        {inArchive
          ? "The link names the study, the series, the picture and the nodule in the archive by their identifiers. They stand for a patient: send it only to who may see that study. Whoever opens it needs this page and the archive."
          : own
            ? "Your slice is not in the link, nor its name: only 8 digits of its hash. Whoever opens the link is asked for the file."
            : "The link holds the example, the model, z, the seed and the view; whoever opens it sees this."}
      </p>
      <footer className="row">
        <button
          type="button"
          className="primary spread"
          onClick={() =>
            void copyText(link).then((done) => tell(done ? "The link is copied." : "Copy the link from the field."))
          }
        >
          Copy link
        </button>
      </footer>
    </SheetFrame>
  );
}
