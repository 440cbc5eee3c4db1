import { type PointerEvent, type RefObject, useEffect, useRef } from "react";
import { REGION } from "../../core/region.ts";
import { frameOnScreen, regionOrigin } from "../../state/keys.ts";
import { useExplorer, useSelect } from "../../state/react.tsx";
import { windowOf } from "../../state/select-region.ts";
import type { Placement } from "./bitmap.ts";

export interface SliceFrame extends Placement {
  readonly width: number;
  readonly height: number;
}

export interface Look {
  readonly zoom: number;
  readonly panX: number;
  readonly panY: number;
}

type Gesture =
  | { readonly kind: "box"; readonly dx: number; readonly dy: number }
  | { readonly kind: "window"; readonly x: number; readonly y: number; readonly centre: number; readonly width: number }
  | { readonly kind: "pan"; readonly x: number; readonly y: number; readonly look: Look }
  | { readonly kind: "pinch"; readonly span: number; readonly x: number; readonly y: number; readonly look: Look };

interface Props {
  readonly placed: RefObject<SliceFrame | null>;
  readonly look: Look;
  onLook(look: Look): void;
  onProbe(pixel: { x: number; y: number } | null): void;
}

/**
 * What the hand does over the slice. Drag in the box: the box. Elsewhere: window and level. Middle or right button, or
 * shift: pan. Wheel: zoom, or the frames of a stack (with ctrl: zoom). Two fingers: pan and zoom. Arrows: nudge the box.
 */
export function SliceHand({ placed, look, onLook, onProbe }: Props) {
  const { store, actions } = useExplorer();
  const layer = useRef<HTMLDivElement>(null);
  const gesture = useRef<Gesture | null>(null);
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const frames = useSelect((state) => state.cases[state.intent.caseKey]?.frames ?? 1);

  const pixelAt = (event: { clientX: number; clientY: number }) => {
    const box = layer.current?.getBoundingClientRect();
    const at = placed.current;
    if (!box || !at) return null;
    return { x: (event.clientX - box.left - at.left) / at.scale, y: (event.clientY - box.top - at.top) / at.scale };
  };
  const zoomAt = (zoom: number, x: number, y: number) => {
    const next = Math.max(1, Math.min(16, zoom));
    const factor = next / look.zoom;
    const clampPan = (pan: number, length: number) =>
      Math.max(-length * (next - 0.5), Math.min(length * (next - 0.5), pan));
    const at = placed.current;
    if (!at) return;
    const [dx, dy] = [x - at.width / 2, y - at.height / 2];
    onLook(
      next === 1
        ? { zoom: 1, panX: 0, panY: 0 }
        : {
            zoom: next,
            panX: clampPan(dx - (dx - look.panX) * factor, at.width),
            panY: clampPan(dy - (dy - look.panY) * factor, at.height),
          },
    );
  };

  const down = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const state = store.getState();
    const pixel = pixelAt(event);
    const origin = regionOrigin(state);
    if (fingers.current.size === 2) {
      gesture.current = { kind: "pinch", ...spanOf(fingers.current), look };
      return;
    }
    if (!pixel || !origin) return;
    const inBox =
      pixel.x >= origin[0] && pixel.x <= origin[0] + REGION && pixel.y >= origin[1] && pixel.y <= origin[1] + REGION;
    if (event.button !== 0 || event.shiftKey) {
      gesture.current = { kind: "pan", x: event.clientX, y: event.clientY, look };
    } else if (inBox) {
      gesture.current = { kind: "box", dx: pixel.x - origin[0] - REGION / 2, dy: pixel.y - origin[1] - REGION / 2 };
    } else {
      const [centre, width] = windowOf(state);
      gesture.current = { kind: "window", x: event.clientX, y: event.clientY, centre, width };
    }
  };

  const move = (event: PointerEvent<HTMLDivElement>) => {
    const pixel = pixelAt(event);
    onProbe(pixel && { x: Math.floor(pixel.x), y: Math.floor(pixel.y) });
    if (fingers.current.has(event.pointerId))
      fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = gesture.current;
    if (!now) return;
    if (now.kind === "box" && pixel) actions.setRegion(pixel.x - now.dx, pixel.y - now.dy, "box");
    if (now.kind === "window") {
      // A sweep over 200 px doubles the width or moves the centre by one width.
      const width = Math.max(1, now.width * 2 ** ((event.clientX - now.x) / 200));
      actions.setWindow([now.centre + ((event.clientY - now.y) / 200) * now.width, width], "window");
    }
    if (now.kind === "pan") {
      onLook({ ...now.look, panX: now.look.panX + event.clientX - now.x, panY: now.look.panY + event.clientY - now.y });
    }
    if (now.kind === "pinch" && fingers.current.size === 2) {
      const { span, x, y } = spanOf(fingers.current);
      const zoom = Math.max(1, Math.min(16, (now.look.zoom * span) / now.span));
      onLook({ zoom, panX: now.look.panX + x - now.x, panY: now.look.panY + y - now.y });
    }
  };

  const up = (event: PointerEvent<HTMLDivElement>) => {
    fingers.current.delete(event.pointerId);
    gesture.current = null;
  };

  // React's wheel listeners are passive: the page would scroll under the zoom.
  useEffect(() => {
    const element = layer.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      if (frames > 1 && !event.ctrlKey) {
        void actions.turnFrame(Math.sign(event.deltaY));
        return;
      }
      const box = element.getBoundingClientRect();
      zoomAt(look.zoom * 1.0015 ** -event.deltaY, event.clientX - box.left, event.clientY - box.top);
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  });

  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of its own moves a box over a picture
    <div
      ref={layer}
      className="hand"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move the region from here
      tabIndex={0}
      aria-label="Region box: arrow keys move it, with shift by 8 pixels; plus and minus zoom"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onPointerLeave={() => onProbe(null)}
      onContextMenu={(event) => event.preventDefault()}
      onDoubleClick={(event) => {
        const pixel = pixelAt(event);
        const slice = frameOnScreen(store.getState())?.slice;
        if (pixel && slice) actions.setRegion(pixel.x, pixel.y);
      }}
      onKeyDown={(event) => {
        const step = event.shiftKey ? 8 : 1;
        const way = ARROWS[event.key];
        if (way) actions.nudgeRegion(way[0] * step, way[1] * step);
        else if (event.key === "PageDown" || event.key === "PageUp") {
          void actions.turnFrame(event.key === "PageDown" ? 1 : -1);
        } else if (event.key === "+" || event.key === "=" || event.key === "-") {
          const at = placed.current;
          if (at) zoomAt(look.zoom * (event.key === "-" ? 0.8 : 1.25), at.width / 2, at.height / 2);
        } else if (event.key === "0") onLook({ zoom: 1, panX: 0, panY: 0 });
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function spanOf(fingers: ReadonlyMap<number, { x: number; y: number }>): { span: number; x: number; y: number } {
  const [a, b] = [...fingers.values()] as [{ x: number; y: number }, { x: number; y: number }];
  return { span: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
