import { useLayoutEffect, useRef } from "react";

/** A square picture, pixel by pixel; the style sheet says how large. */
export function TensorPicture({
  name,
  rgba,
}: {
  readonly name: string;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const side = Math.round(Math.sqrt(rgba.length / 4));
  useLayoutEffect(() => {
    canvas.current?.getContext("2d")?.putImageData(new ImageData(rgba, side, side), 0, 0);
  }, [rgba, side]);
  return <canvas ref={canvas} className="how-pixels" width={side} height={side} role="img" aria-label={name} />;
}
