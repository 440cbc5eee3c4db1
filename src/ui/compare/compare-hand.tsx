import { useRef } from "react";
import { type Look, panned, wholeLook } from "../../core/values/viewport.ts";
import { t } from "../../state/app/speech.ts";
import { arrowOf } from "../canvas/arrow-keys.ts";
import { useZoomHand } from "../canvas/zoom-hand.ts";
import { useRegionPicture } from "../explore/region/use-region-picture.ts";

/** Pan and zoom over one column's picture; all columns follow. Wheel or + − zoom, drag or arrows pan, 0 shows all. */
export function CompareHand(props: { readonly name: string; readonly look: Look; onLook(look: Look): void }) {
  const { name, look, onLook } = props;
  const picture = useRegionPicture();
  const layer = useRef<HTMLDivElement>(null);
  const hand = useZoomHand({ layer, picture, look, onLook, takesFinger: () => look.zoom > 1 });
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of its own pans and zooms a picture
    <div
      ref={layer}
      className="hand grab"
      style={{ touchAction: look.zoom > 1 ? "none" : "pan-y" }}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys pan and zoom from here
      tabIndex={0}
      aria-label={t`${name}: plus and minus zoom, arrow keys pan, 0 shows all; every column follows`}
      onPointerDown={(event) => hand.down(event, look.zoom > 1)}
      onPointerMove={hand.move}
      onPointerUp={hand.up}
      onPointerCancel={hand.up}
      onContextMenu={(event) => event.preventDefault()}
      onDoubleClick={() => onLook(wholeLook(picture))}
      onKeyDown={(event) => {
        const framed = hand.framed();
        const move = arrowOf(event);
        if (move && framed) onLook(panned(look, -move[0], -move[1], framed));
        else if (event.key === "+" || event.key === "=") hand.zoomBy(1.25);
        else if (event.key === "-") hand.zoomBy(0.8);
        else if (event.key === "0") onLook(wholeLook(picture));
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
