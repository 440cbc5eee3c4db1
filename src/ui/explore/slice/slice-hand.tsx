import { type PointerEvent, useRef } from "react";
import { REGION } from "../../../core/values/region.ts";
import { pixelAspect, type Slice } from "../../../core/values/slice.ts";
import type { Look } from "../../../core/values/viewport.ts";
import { useExplorer, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { caseOnScreen, regionOrigin } from "../../../state/cases/on-screen.ts";
import { windowOf } from "../../../state/explore/region.ts";
import { ARROWS } from "../../canvas/arrow-keys.ts";
import { useZoomHand } from "../../canvas/zoom-hand.ts";

type Gesture =
  | { readonly kind: "box"; readonly dx: number; readonly dy: number }
  | {
      readonly kind: "window";
      readonly x: number;
      readonly y: number;
      readonly centre: number;
      readonly width: number;
    };

interface Props {
  readonly slice: Slice;
  readonly look: Look;
  /** Whether a finger sets the window too: a mouse always does, outside the box. */
  readonly fingerSetsWindow: boolean;
  onLook(look: Look): void;
  onProbe(pixel: { x: number; y: number } | null): void;
}

/**
 * What the hand does over the slice. Drag in the box: the box. Elsewhere with a mouse: window and level; with a finger:
 * pans an enlarged slice, else scrolls the page. Wheel: zoom, or the frames of a stack (with ctrl: zoom). Arrows: nudge
 * the box.
 */
export function SliceHand({ slice, look, fingerSetsWindow, onLook, onProbe }: Props) {
  const { store, actions } = useExplorer();
  const layer = useRef<HTMLDivElement>(null);
  const gesture = useRef<Gesture | null>(null);
  const frames = useSelect((state) => caseOnScreen(state)?.frames ?? 1);

  const boxUnder = (pixel: { readonly x: number; readonly y: number }) => {
    const origin = regionOrigin(store.getState());
    if (!origin) return null;
    const [x, y] = [pixel.x - origin[0], pixel.y - origin[1]];
    return x >= 0 && y >= 0 && x <= REGION && y <= REGION ? { dx: x - REGION / 2, dy: y - REGION / 2 } : null;
  };
  const hand = useZoomHand({
    layer,
    picture: { width: slice.width, height: slice.height, aspect: pixelAspect(slice) },
    look,
    onLook,
    takesFinger: (pixel) => fingerSetsWindow || look.zoom > 1 || boxUnder(pixel) !== null,
    onWheel: (event) => {
      if (frames < 2 || event.ctrlKey) return false;
      void actions.turnFrame(Math.sign(event.deltaY));
      return true;
    },
  });

  const down = (event: PointerEvent<HTMLDivElement>) => {
    gesture.current = null;
    const pixel = hand.pixelAt(event);
    const inBox = pixel && !(fingerSetsWindow && event.pointerType === "touch") ? boxUnder(pixel) : null;
    const windows = event.pointerType !== "touch" || fingerSetsWindow;
    if (hand.down(event, inBox === null && !windows && look.zoom > 1) !== null || !pixel) return;
    if (inBox) gesture.current = { kind: "box", ...inBox };
    else if (windows) {
      const [centre, width] = windowOf(store.getState());
      gesture.current = { kind: "window", x: event.clientX, y: event.clientY, centre, width };
    }
  };

  const move = (event: PointerEvent<HTMLDivElement>) => {
    const pixel = hand.pixelAt(event);
    onProbe(pixel && { x: Math.floor(pixel.x), y: Math.floor(pixel.y) });
    if (hand.move(event)) return;
    const now = gesture.current;
    if (now?.kind === "box" && pixel) actions.setRegion(pixel.x - now.dx, pixel.y - now.dy, "box");
    if (now?.kind === "window") {
      // A sweep over 200 px doubles the width or moves the centre by one width.
      const width = Math.max(1, now.width * 2 ** ((event.clientX - now.x) / 200));
      actions.setWindow([now.centre + ((event.clientY - now.y) / 200) * now.width, width], "window");
    }
  };

  const up = (event: PointerEvent<HTMLDivElement>) => {
    hand.up(event);
    gesture.current = null;
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of its own moves a box over a picture
    <div
      ref={layer}
      className="hand"
      style={{ touchAction: look.zoom > 1 || fingerSetsWindow ? "none" : "pan-y" }}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move the region from here
      tabIndex={0}
      aria-label={t`Region box: arrow keys move it, with shift by 8 pixels; plus and minus zoom`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onPointerLeave={() => onProbe(null)}
      onContextMenu={(event) => event.preventDefault()}
      onDoubleClick={(event) => {
        const pixel = hand.pixelAt(event);
        if (pixel) actions.setRegion(pixel.x, pixel.y);
      }}
      onKeyDown={(event) => {
        const step = event.shiftKey ? 8 : 1;
        const way = ARROWS[event.key];
        if (way) actions.nudgeRegion(way[0] * step, way[1] * step);
        else if (event.key === "PageDown" || event.key === "PageUp") {
          void actions.turnFrame(event.key === "PageDown" ? 1 : -1);
        } else if (event.key === "+" || event.key === "=" || event.key === "-") {
          hand.zoomBy(event.key === "-" ? 0.8 : 1.25);
        } else if (event.key === "0") onLook({ ...look, zoom: 1 });
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
