import { useState } from "react";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { rich } from "../language/rich.tsx";
import { SheetFrame } from "./sheet-frame.tsx";

/** What opened masks are: graders on the slice on the screen, samples of a method, or a slice of their own. */
export default function MaskSheet() {
  const { answerMask } = useActions();
  const asking = useSelect(({ asking: asked }) => (asked && "meanings" in asked ? asked : null));
  const [always, setAlways] = useState(false);
  const [method, setMethod] = useState(asking?.samples?.method ?? "");
  if (!asking) return null;
  const { file, meanings, samples } = asking;
  const several = typeof file !== "string";
  const name = <strong>{said(file)}</strong>;
  const drawn = several
    ? rich`${name} look like what somebody drew, not like scans, and fit the slice on the screen.`
    : rich`${name} looks like what somebody drew, not like a scan, and fits the slice on the screen.`;
  const numbers = several
    ? rich`${name} hold numbers that samples may be, and fit the slice on the screen.`
    : rich`${name} holds numbers that samples may be, and fits the slice on the screen.`;
  const what = meanings.includes("graders") ? drawn : numbers;
  const may = (meaning: (typeof meanings)[number]) => meanings.includes(meaning);
  return (
    <SheetFrame name={t`Graders, samples or a slice?`} onClose={() => answerMask(null)}>
      <p>{what}</p>
      {samples && (
        <form
          className="row wrap samples-of"
          onSubmit={(event) => {
            event.preventDefault();
            answerMask("samples", false, method);
          }}
        >
          <label className="row">
            {t`Method`}
            <input type="text" value={method} maxLength={60} onChange={(event) => setMethod(event.target.value)} />
          </label>
          <button type="submit">{t`Samples of a method (${samples.count})`}</button>
          <p className="sentence">{t`It then stands in the menu of models, in Compare and in Evaluate as any other.`}</p>
        </form>
      )}
      {(may("graders") || may("slice")) && (
        <label className="row">
          <input type="checkbox" checked={always} onChange={(event) => setAlways(event.target.checked)} />
          {t`Do the same with every mask opened alone`}
        </label>
      )}
      <footer className="row">
        {may("slice") && (
          <button type="button" className="spread" onClick={() => answerMask("slice", always)}>{t`A new slice`}</button>
        )}
        {may("graders") && (
          <button
            type="button"
            className="primary"
            onClick={() => answerMask("graders", always)}
          >{t`Graders on this slice`}</button>
        )}
      </footer>
    </SheetFrame>
  );
}
