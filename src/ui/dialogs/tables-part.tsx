import { useActions, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";

/** How tables are written; kept, and the same wherever a table leaves the page. `className`: as the ticks beside it. */
export function TablesPart({ className = "tick" }: { readonly className?: string }) {
  const tables = useSelect((state) => state.tables);
  const { chooseTables } = useActions();
  return (
    <label
      className={className}
      title={t`For spreadsheets that read a comma as the decimal sign; kept on this machine`}
    >
      <input
        type="checkbox"
        checked={tables === "semicolon"}
        onChange={(event) => chooseTables(event.target.checked ? "semicolon" : "comma")}
      />
      <span>{t`CSV with ;`}</span>
      <span className="sentence">{t`and decimal comma`}</span>
    </label>
  );
}
