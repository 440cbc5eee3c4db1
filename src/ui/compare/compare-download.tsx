import { useActions, useExplorer, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { comparisonIsThere } from "../../state/compare/export.ts";
import { TablesPart } from "../dialogs/tables-part.tsx";
import { useSaving } from "../dialogs/use-saving.ts";
import { comparePictures } from "./compare-picture.ts";

/** Table, curve and picture, in one zip. */
export function CompareDownload() {
  const { store } = useExplorer();
  const there = useSelect(comparisonIsThere);
  const { exportComparison } = useActions();
  const { save, working } = useSaving(async () => exportComparison(await comparePictures(store.getState())));
  return (
    <span className="row">
      <TablesPart />
      <button
        type="button"
        disabled={!there || working}
        title={t`Figures and curve as CSV, columns and curve as PNG and SVG`}
        onClick={() => void save()}
      >{t`Download`}</button>
    </span>
  );
}
