import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { fits, type Paint, paintIn, roomOf } from "./paint-in.ts";
import { takePaintedEarly } from "./painted-early.ts";

interface Props {
  /** The picture's accessible name. */
  readonly name: string;
  /** Its text summary, for those who do not see it. */
  readonly summary: string;
  readonly paint: Paint;
  /** What lies over it and answers to the hand. */
  readonly children?: ReactNode;
  readonly className?: string;
  /** Names what is painted, for those who measure how soon it follows. */
  readonly shown?: string | undefined;
}

/** A canvas as sharp as the screen, painted again when `paint` is another function or its size changes. */
export function Painting({ name, summary, paint, children, shown, className = "" }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const first = useRef<Paint | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0, scale: 1 });

  useLayoutEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return;
    const measure = () => {
      const { width, height, scale } = roomOf(element);
      setSize((old) =>
        old.width === width && old.height === height && old.scale === scale ? old : { width, height, scale },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    first.current ??= paint; // before anything is measured: what a page that came with the HTML shows
    const element = canvas.current;
    if (!element || size.width === 0) return;
    const isThere = takePaintedEarly(element) && first.current === paint && fits(element, size);
    if (!isThere) paintIn(element, size, paint);
  }, [paint, size]);

  const id = `about-${name.toLowerCase().replaceAll(" ", "-")}`;
  return (
    <div className={`painting ${className}`} data-shown={shown}>
      <canvas ref={canvas} role="img" aria-label={name} aria-describedby={id} />
      <p id={id} className="visually-hidden">
        {summary}
      </p>
      {children}
    </div>
  );
}
