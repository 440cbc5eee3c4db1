import { useEffect, useRef } from "react";
import { FIRST_LOOK, type Look, placed, within, zoomedAt } from "./look.ts";

/** Pan and zoom over one column's picture; all columns follow. Wheel or + − zoom, drag or arrows pan, 0 shows all. */
export function CompareHand(props: { readonly name: string; readonly look: Look; onLook(look: Look): void }) {
  const { name, look, onLook } = props;
  const layer = useRef<HTMLDivElement>(null);
  const grip = useRef<{ readonly x: number; readonly y: number; readonly look: Look } | null>(null);

  const scaleNow = () => {
    const box = layer.current?.getBoundingClientRect();
    return box ? placed(look, box.width, box.height).scale : 1;
  };

  // React's wheel listeners are passive: the page would scroll under the zoom.
  useEffect(() => {
    const element = layer.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const at = placed(look, box.width, box.height);
      const x = (event.clientX - box.left - at.left) / at.scale;
      const y = (event.clientY - box.top - at.top) / at.scale;
      onLook(zoomedAt(look, 1.0015 ** -event.deltaY, x, y));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [look, onLook]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of its own pans and zooms a picture
    <div
      ref={layer}
      className="hand grab"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys pan and zoom from here
      tabIndex={0}
      aria-label={`${name}: plus and minus zoom, arrow keys pan, 0 shows all; every column follows`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { x: event.clientX, y: event.clientY, look };
      }}
      onPointerMove={(event) => {
        const from = grip.current;
        if (!from || event.buttons === 0) return;
        const scale = scaleNow();
        onLook(
          within({
            zoom: from.look.zoom,
            x: from.look.x - (event.clientX - from.x) / scale,
            y: from.look.y - (event.clientY - from.y) / scale,
          }),
        );
      }}
      onPointerUp={() => {
        grip.current = null;
      }}
      onDoubleClick={() => onLook(FIRST_LOOK)}
      onKeyDown={(event) => {
        const way = ARROWS[event.key];
        const step = 8 / look.zoom;
        if (way) onLook(within({ ...look, x: look.x + way[0] * step, y: look.y + way[1] * step }));
        else if (event.key === "+" || event.key === "=") onLook(zoomedAt(look, 1.25, look.x, look.y));
        else if (event.key === "-") onLook(zoomedAt(look, 0.8, look.x, look.y));
        else if (event.key === "0") onLook(FIRST_LOOK);
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
