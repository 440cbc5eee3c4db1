import { useState } from "react";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { SheetFrame } from "./sheet-frame.tsx";

/** What an opened mask is: graders on the slice on the screen, or a slice of its own. */
export default function MaskSheet() {
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
