import { useEffect, useState } from "react";
import { useActions } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { droppedFiles } from "./dropped-files.ts";

/** Files and folders may be dropped anywhere on the page. */
export function DropAnywhere() {
  const { openFiles } = useActions();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const carries = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const drag = (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!carries(event) || !event.dataTransfer) return;
      event.preventDefault();
      setOver(false);
      void droppedFiles(event.dataTransfer).then((files) => (files.length > 0 ? openFiles(files) : undefined));
    };
    window.addEventListener("dragover", drag);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", drag);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, [openFiles]);
  if (!over) return null;
  return <div className="drop-here">{t`Drop a slice, masks, a case pack, a model or a session`}</div>;
}
