import { t } from "../../../state/app/speech.ts";
import { lazyPiece } from "../../app/lazy-piece.ts";
import { PieceOnScreen } from "../../app/piece-on-screen.tsx";

const MAP = lazyPiece(() => import("./mask-map.tsx"));

/** The map of masks; its code comes when it is first looked at. */
export function LazyMaskMap() {
  return <PieceOnScreen piece={MAP} what={t`This map`} frame={(sentence) => sentence} />;
}
