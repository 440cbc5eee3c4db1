import { useActions, useExplorer, useSelect } from "../../state/app/react.tsx";
import type { Sheet } from "../../state/app/shape.ts";
import { lazyPiece, type Piece } from "../app/lazy-piece.ts";
import { PieceOnScreen } from "../app/piece-on-screen.tsx";
import { SheetFrame } from "./sheet-frame.tsx";

const FORGET = "Forget everything on this machine";

type Plain = Exclude<NonNullable<Sheet>, `concept:${string}`>;

const SHEETS: Readonly<Record<Plain, { readonly name: string; readonly piece: Piece }>> = {
  archive: { name: "Open from archive", piece: lazyPiece(() => import("../archive/archive-sheet.tsx")) },
  export: { name: "Export", piece: lazyPiece(() => import("./export-sheet.tsx")) },
  keys: { name: "Keys and help", piece: lazyPiece(() => import("./keys-sheet.tsx")) },
  concepts: { name: "Concepts", piece: lazyPiece(() => import("../concepts/concepts-sheet.tsx")) },
  model: { name: "About this model", piece: lazyPiece(() => import("./model-sheet.tsx")) },
  backend: { name: "Backend", piece: lazyPiece(() => import("./backend-sheet.tsx")) },
  forget: { name: FORGET, piece: lazyPiece(() => import("./forget-sheet.tsx")) },
  share: { name: "Share this view", piece: lazyPiece(() => import("./share-sheet.tsx")) },
};

const OF_MASKS = { name: "Graders, samples or a slice?", piece: lazyPiece(() => import("./mask-sheet.tsx")) };
const OF_REGIONS = { name: "Graders or one grader?", piece: lazyPiece(() => import("./regions-sheet.tsx")) };

/** What stands open over the page; loaded when first opened. A question stands before what was open. */
export function Sheets() {
  const sheet = useSelect((state) => state.sheet);
  const asking = useSelect((state) => state.asking);
  const { archives } = useExplorer();
  const { show, answerMask, answerRegions } = useActions();
  if (sheet === null && !asking) return null;
  const ofRegions = asking !== null && "regions" in asking;
  const asked = ofRegions ? OF_REGIONS : OF_MASKS;
  const leave = ofRegions ? () => answerRegions(null) : () => answerMask(null);
  const { name, piece } = asking ? asked : SHEETS[sheet?.startsWith("concept:") ? "concepts" : (sheet as Plain)];
  const ofArchive = !asking && (sheet === "archive" || (sheet === "export" && archives.length > 0));
  return (
    <PieceOnScreen
      key={name}
      piece={piece}
      withRuns={ofArchive}
      what="This sheet"
      frame={(sentence) => (
        <SheetFrame name={name} onClose={asking ? leave : () => show(null)}>
          {sentence}
        </SheetFrame>
      )}
    />
  );
}
