import { useState } from "react";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { SheetFrame } from "./sheet-frame.tsx";

/** What was opened: masks, or an RTSTRUCT of several regions. */
export default function QuestionSheet() {
  const regions = useSelect((state) => state.asking?.regions);
  return regions ? <RegionsSheet names={regions} /> : <MaskSheet />;
}

/** Names of so many regions are listed. */
const MOST_LISTED = 8;

/** What the regions of an RTSTRUCT are: a grader each, or what one grader drew. */
function RegionsSheet({ names }: { readonly names: readonly string[] }) {
  const { answerRegions } = useActions();
  const file = useSelect((state) => state.asking?.file ?? "");
  const more = names.length - MOST_LISTED;
  return (
    <SheetFrame name="Graders or one grader?" onClose={() => answerRegions(null)}>
      <p>
        <strong>{file}</strong> holds {names.length} regions of interest: {names.slice(0, MOST_LISTED).join(", ")}
        {more > 0 && ` and ${more} more`}. Who drew them?
      </p>
      <p className="sentence">
        A person each where the regions are named after readers; one where they are lesions or parts.
      </p>
      <footer className="row">
        <button type="button" className="spread" onClick={() => answerRegions("file")}>
          One grader drew all
        </button>
        <button type="button" className="primary" onClick={() => answerRegions("graders")}>
          Each is a grader
        </button>
      </footer>
    </SheetFrame>
  );
}

/** What an opened mask is: graders on the slice on the screen, or a slice of its own. */
function MaskSheet() {
  const { answerMask } = useActions();
  const file = useSelect((state) => state.asking?.file ?? "");
  const [always, setAlways] = useState(false);
  return (
    <SheetFrame name="Graders or a slice?" onClose={() => answerMask(null)}>
      <p>
        <strong>{file}</strong> looks like what somebody drew, not like a scan, and it fits the slice on the screen.
      </p>
      <label className="row">
        <input type="checkbox" checked={always} onChange={(event) => setAlways(event.target.checked)} />
        Do the same with every mask opened alone
      </label>
      <footer className="row">
        <button type="button" className="spread" onClick={() => answerMask("slice", always)}>
          A new slice
        </button>
        <button type="button" className="primary" onClick={() => answerMask("graders", always)}>
          Graders on this slice
        </button>
      </footer>
    </SheetFrame>
  );
}
