import { useState } from "react";
import { useActions, useExplorer, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { comparisonIsThere } from "../../state/compare/export.ts";
import { saveFile } from "../app/copy-text.ts";
import { TablesPart } from "../dialogs/tables-part.tsx";
import { comparePictures } from "./compare-picture.ts";

/** Table, curve and picture, in one zip. */
export function CompareDownload() {
  const { store } = useExplorer();
  const there = useSelect(comparisonIsThere);
  const { exportComparison, tell, warn } = useActions();
  const [working, setWorking] = useState(false);
  const download = async () => {
    setWorking(true);
    try {
      const { name, bytes } = await exportComparison(await comparePictures(store.getState()));
      saveFile(name, bytes);
      tell(t`Saved ${name}.`);
    } catch (error) {
      warn(error);
    }
    setWorking(false);
  };
  return (
    <span className="row">
      <TablesPart />
      <button
        type="button"
        disabled={!there || working}
        title={t`Figures and curve as CSV, columns and curve as PNG and SVG`}
        onClick={() => void download()}
      >{t`Download`}</button>
    </span>
  );
}
