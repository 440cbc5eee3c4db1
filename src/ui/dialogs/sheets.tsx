import { lazy, Suspense } from "react";
import { useSelect } from "../../state/app/react.tsx";

const ExportSheet = lazy(() => import("./export-sheet.tsx"));
const KeysSheet = lazy(() => import("./keys-sheet.tsx"));
const ModelSheet = lazy(() => import("./model-sheet.tsx"));
const BackendSheet = lazy(() => import("./backend-sheet.tsx"));
const ShareSheet = lazy(() => import("./share-sheet.tsx"));

/** What stands open over the page; loaded when first opened. */
export function Sheets() {
  const sheet = useSelect((state) => state.sheet);
  return (
    <Suspense>
      {sheet === "export" && <ExportSheet />}
      {sheet === "keys" && <KeysSheet />}
      {sheet === "model" && <ModelSheet />}
      {sheet === "backend" && <BackendSheet />}
      {sheet === "share" && <ShareSheet />}
    </Suspense>
  );
}
