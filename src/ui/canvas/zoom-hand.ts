import { type PointerEvent, type RefObject, useEffect, useRef } from "react";
import { type Framed, type Look, panned, placed, within, zoomed } from "../../core/values/viewport.ts";

type Point = readonly [number, number];

interface Subject {
  readonly layer: RefObject<HTMLElement | null>;
  /** The picture's size in its pixels, and their aspect; null while there is none. */
  readonly picture: Pick<Framed, "width" | "height" | "aspect"> | null;
  readonly look: Look;
  onLook(look: Look): void;
  /** True where the wheel has done something else. */
  onWheel?(event: WheelEvent): boolean;
  /** Whether one finger that comes down at this pixel moves what it touches, and not the page. */
  takesFinger?(pixel: { readonly x: number; readonly y: number }): boolean;
}

type Gesture = { readonly look: Look; readonly from: Point; readonly span: number | null };

/**
 * Zoom and pan, the same over every picture. Wheel: zoom about the pointer. Two fingers: zoom and pan. Middle or right
 * button, shift or the space bar: pan. `down`, `move` and `up` take the pointer's events first and tell what they did.
 */
export function useZoomHand(subject: Subject) {
  const latest = useRef(subject);
  latest.current = subject;
  const fingers = useRef(new Map<number, Point>());
  const gesture = useRef<Gesture | null>(null);
  const { layer } = subject;
  const space = useSpaceOver(layer);

  const framed = (): Framed | null => {
    const box = layer.current?.getBoundingClientRect();
    const { picture } = latest.current;
    return box && picture ? { ...picture, frameWidth: box.width, frameHeight: box.height } : null;
  };
  const inFrame = (event: { clientX: number; clientY: number }): Point => {
    const box = layer.current?.getBoundingClientRect();
    return [event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0)];
  };
  const pixelAt = (event: { clientX: number; clientY: number }) => {
    const frame = framed();
    if (!frame) return null;
    const { left, top, scale, scaleY } = placed(latest.current.look, frame);
    const [x, y] = inFrame(event);
    return { x: (x - left) / scale, y: (y - top) / scaleY };
  };

  const down = (event: PointerEvent<HTMLElement>, plainPans: boolean): "pinch" | "pan" | null => {
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, inFrame(event));
    const { look } = latest.current;
    if (fingers.current.size === 2) {
      gesture.current = { look, ...spanOf(fingers.current) };
      return "pinch";
    }
    if (event.button === 0 && !event.shiftKey && !space.current && !plainPans) return null;
    gesture.current = { look, from: inFrame(event), span: null };
    return "pan";
  };

  const move = (event: PointerEvent<HTMLElement>): boolean => {
    if (fingers.current.has(event.pointerId)) fingers.current.set(event.pointerId, inFrame(event));
    const begun = gesture.current;
    const frame = framed();
    if (!begun || !frame) return false;
    const { look, from, span } = begun;
    if (span === null) {
      const [x, y] = inFrame(event);
      latest.current.onLook(panned(look, x - from[0], y - from[1], frame));
    } else if (fingers.current.size === 2) {
      const now = spanOf(fingers.current);
      const moved = [now.from[0] - from[0], now.from[1] - from[1]] as const;
      latest.current.onLook(zoomed(look, (look.zoom * now.span) / span, from, frame, moved));
    }
    return true;
  };

  const up = (event: PointerEvent<HTMLElement>): boolean => {
    fingers.current.delete(event.pointerId);
    const had = gesture.current !== null;
    gesture.current = null;
    return had;
  };

  /** Zooms about the frame's middle; from the whole picture to where the look was left. */
  const zoomBy = (factor: number) => {
    const frame = framed();
    const { look, onLook } = latest.current;
    if (frame) onLook(within({ ...look, zoom: look.zoom * factor }, frame));
  };

  // React's wheel and touch listeners are passive: the page would scroll under the hand.
  useEffect(() => {
    const element = layer.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { look, onLook, onWheel } = latest.current;
      const frame = framed();
      if (onWheel?.(event) || !frame) return;
      onLook(zoomed(look, look.zoom * WHEEL ** -event.deltaY, inFrame(event), frame));
    };
    const touch = (event: TouchEvent) => {
      const [first] = event.touches;
      const pixel = first && pixelAt(first);
      if (event.touches.length > 1 || (pixel && latest.current.takesFinger?.(pixel))) event.preventDefault();
    };
    element.addEventListener("wheel", wheel, { passive: false });
    element.addEventListener("touchstart", touch, { passive: false });
    return () => {
      element.removeEventListener("wheel", wheel);
      element.removeEventListener("touchstart", touch);
    };
  });
  return { down, move, up, zoomBy, pixelAt, framed };
}

/** Zoom per unit of the wheel: a notch of 100 is 16 %. */
const WHEEL = 1.0015;

function spanOf(fingers: ReadonlyMap<number, Point>): { span: number; from: Point } {
  const [a, b] = [...fingers.values()] as [Point, Point];
  return { span: Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1])), from: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
}

/** Whether the space bar is held over an element, as long as no control that the keyboard is on needs it. */
function useSpaceOver(layer: RefObject<HTMLElement | null>): RefObject<boolean> {
  const held = useRef(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== " " || !layer.current?.matches(":hover")) return;
      const { activeElement } = document;
      if (activeElement !== layer.current && activeElement?.matches(":focus-visible")) return;
      held.current = true;
      layer.current.classList.add("panning");
      event.preventDefault(); // no scrolling, no click on what was clicked last
    };
    const release = () => {
      held.current = false;
      layer.current?.classList.remove("panning");
    };
    const lift = (event: KeyboardEvent) => {
      if (event.key !== " " || !held.current) return;
      event.preventDefault();
      release();
    };
    addEventListener("keydown", press);
    addEventListener("keyup", lift);
    addEventListener("blur", release);
    return () => {
      removeEventListener("keydown", press);
      removeEventListener("keyup", lift);
      removeEventListener("blur", release);
    };
  }, [layer]);
  return held;
}
