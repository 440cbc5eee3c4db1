import { type PointerEvent, type ReactNode, useRef, useState } from "react";
import { type Look, panned, placed } from "../../../core/values/viewport.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { regionOrigin } from "../../../state/cases/on-screen.ts";
import { arrowOf } from "../../canvas/arrow-keys.ts";
import { useZoomHand } from "../../canvas/zoom-hand.ts";
import { IconButton } from "../../controls/icon-button.tsx";
import { ZoomButtons } from "../../controls/zoom-buttons.tsx";
import { StrokeLine } from "../readers/stroke-line.tsx";
import { RegionProbe } from "./region-probe.tsx";
import { useRegionPicture } from "./use-region-picture.ts";

/**
 * What the hand does over the region, whose picture it holds. Wheel or two fingers: zoom. Drag: the tool in hand, else the enlarged
 * picture. Middle or right button, shift or space: pans, whatever is in hand. Double click: the whole region again.
 */
export function RegionHand({ look, children }: { look: Look; children: ReactNode }) {
  const lasso = useSelect((state) => state.lasso);
  const x0 = useSelect((state) => regionOrigin(state)?.[0] ?? 0);
  const y0 = useSelect((state) => regionOrigin(state)?.[1] ?? 0);
  const { drawYou, setLook, zoomRegion, wholeRegion, zoomOnLesion } = useActions();
  const picture = useRegionPicture();
  const layer = useRef<HTMLDivElement>(null);
  /** The stroke under way, in the region's pixels from its corner: x, y, x, y … */
  const [line, setLine] = useState<readonly number[]>([]);
  const [pointer, setPointer] = useState<{ x: number; y: number } | null>(null);
  const hand = useZoomHand({
    layer,
    picture,
    look,
    onLook: setLook,
    takesFinger: () => lasso !== "off" || look.zoom > 1,
  });
  const drawing = line.length > 0;

  const down = (event: PointerEvent<HTMLDivElement>) => {
    const did = hand.down(event, lasso === "off" && look.zoom > 1);
    const at = hand.pixelAt(event);
    setLine(did === null && lasso !== "off" && at ? [at.x, at.y] : []);
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const at = hand.pixelAt(event);
    setPointer(at && event.pointerType !== "touch" ? at : null);
    if (!hand.move(event) && drawing && at) setLine((points) => [...points, at.x, at.y]);
  };
  const up = (event: PointerEvent<HTMLDivElement>) => {
    hand.up(event);
    // Pixel centres are whole numbers: half a pixel before the edge of the first one is −0.5.
    if (drawing) drawYou(line.map((at, i) => at - 0.5 + (i % 2 === 0 ? x0 : y0)));
    setLine([]);
  };
  const frame = hand.framed();
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: no element of its own zooms a picture */}
      <div
        ref={layer}
        className={`region-hand ${look.zoom > 1 && lasso === "off" ? "grab" : ""} ${lasso === "off" ? "" : "crosshair"}`}
        style={{ touchAction: look.zoom > 1 || lasso !== "off" ? "none" : "pan-y" }}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: plus and minus zoom from here
        tabIndex={0}
        aria-label={t`Region: plus and minus zoom, arrow keys move the enlarged picture, 0 shows all of it`}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={(event) => {
          hand.up(event);
          setLine([]);
        }}
        onPointerLeave={() => setPointer(null)}
        onContextMenu={(event) => event.preventDefault()}
        onDoubleClick={() => lasso === "off" && wholeRegion()}
        onKeyDown={(event) => {
          const move = arrowOf(event);
          const framed = hand.framed();
          if (!move || !framed || look.zoom === 1) return;
          setLook(panned(look, -move[0], -move[1], framed));
          event.preventDefault();
        }}
      >
        {children}
        {lasso !== "off" && <StrokeLine line={line} pointer={pointer} at={frame && placed(look, frame)} />}
        <RegionProbe at={pointer && { x: Math.floor(pointer.x), y: Math.floor(pointer.y) }} />
      </div>
      <ZoomButtons of={t`region`} zoom={look.zoom} zoomBy={zoomRegion} onWhole={wholeRegion}>
        <IconButton
          icon="onto"
          label={t`Zoom onto the lesion`}
          title={t`Enlarge what the samples may mark (Z)`}
          onClick={zoomOnLesion}
        />
      </ZoomButtons>
    </>
  );
}
