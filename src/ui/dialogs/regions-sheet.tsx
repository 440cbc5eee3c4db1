import { useActions, useSelect } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { rich } from "../language/rich.tsx";
import { SheetFrame } from "./sheet-frame.tsx";

/** Names of so many regions are listed. */
const MOST_LISTED = 8;

/** What the regions of an RTSTRUCT are: a grader each, or what one grader drew. */
export default function RegionsSheet() {
  const { answerRegions } = useActions();
  const asking = useSelect((state) => state.asking);
  if (!asking || !("regions" in asking)) return null;
  const { file, regions: names } = asking;
  const more = names.length - MOST_LISTED;
  return (
    <SheetFrame name={t`Graders or one grader?`} onClose={() => answerRegions(null)}>
      <p>
        {rich`${<strong>{said(file)}</strong>} holds ${names.length} regions of interest: ${names.slice(0, MOST_LISTED).join(", ")}${more > 0 && t` and ${more} more`}. Who drew them?`}
      </p>
      <p className="sentence">{t`A person each where the regions are named after readers; one where they are lesions or parts.`}</p>
      <footer className="row">
        <button type="button" className="spread" onClick={() => answerRegions("file")}>{t`One grader drew all`}</button>
        <button
          type="button"
          className="primary"
          onClick={() => answerRegions("graders")}
        >{t`Each is a grader`}</button>
      </footer>
    </SheetFrame>
  );
}
