import { useActions, useSelect } from "../../state/app/react.tsx";

/** How tables are written; kept, and the same wherever a table leaves the page. `className`: as the ticks beside it. */
export function TablesPart({ className = "tick" }: { readonly className?: string }) {
  const tables = useSelect((state) => state.tables);
  const { chooseTables } = useActions();
  return (
    <label className={className} title="For spreadsheets that read a comma as the decimal sign; kept on this machine">
      <input
        type="checkbox"
        checked={tables === "semicolon"}
        onChange={(event) => chooseTables(event.target.checked ? "semicolon" : "comma")}
      />
      <span>CSV with ;</span>
      <span className="sentence">and decimal comma</span>
    </label>
  );
}
