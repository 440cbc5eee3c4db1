import { useActions } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";

/** In the place of what failed or was cancelled. */
export function Unfinished({ what }: { readonly what: string }) {
  const { retry } = useActions();
  return (
    <p className="how-what">
      {what} <button type="button" className="link" onClick={retry}>{t`Try again`}</button>
    </p>
  );
}
