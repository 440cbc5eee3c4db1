import { type RefObject, useLayoutEffect, useState } from "react";

/**
 * Width and height of an element in whole CSS pixels, at least `least`, as it grows and shrinks. `measured`: false where
 * the build draws it, which knows no screen.
 */
export function useSize(
  element: RefObject<HTMLElement | null>,
  least: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number; readonly measured: boolean } {
  const [size, setSize] = useState({ ...least, measured: false });
  const { width: leastWidth, height: leastHeight } = least;
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return;
    const measure = () => {
      const width = Math.max(leastWidth, Math.round(measured.clientWidth));
      const height = Math.max(leastHeight, Math.round(measured.clientHeight));
      setSize((old) =>
        old.measured && old.width === width && old.height === height ? old : { width, height, measured: true },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element, leastWidth, leastHeight]);
  return size;
}
