import { type ReactNode, useLayoutEffect, useRef, useState } from "react";

/** Draws in CSS pixels; `scale` device pixels to each of them. */
export type Paint = (context: CanvasRenderingContext2D, width: number, height: number, scale: number) => void;

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
  const [size, setSize] = useState({ width: 0, height: 0, scale: 1 });

  useLayoutEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return;
    const measure = () => {
      const { width, height } = element.getBoundingClientRect();
      const scale = window.devicePixelRatio || 1;
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
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || size.width === 0) return;
    const [width, height] = [Math.round(size.width * size.scale), Math.round(size.height * size.scale)];
    if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height];
    context.setTransform(size.scale, 0, 0, size.scale, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    paint(context, size.width, size.height, size.scale);
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
