import { useLayoutEffect, useRef } from "react";
import { type ColourTable, colourAt } from "../../core/colour/colour.ts";

/** A square picture of numbers in [0, 1] as it is, pixel by pixel; the style sheet says how large. */
export function PixelPicture(props: {
  readonly name: string;
  /** [size, size] */
  readonly values: ArrayLike<number>;
  /** Grey where there is none. */
  readonly table?: ColourTable;
}) {
  const { name, values, table } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = Math.round(Math.sqrt(values.length));
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const picture = new ImageData(size, size);
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      const grey = 255 * value;
      picture.data.set(table ? colourAt(table, value) : [grey, grey, grey], 4 * i);
      picture.data[4 * i + 3] = 255;
    }
    context.putImageData(picture, 0, 0);
  }, [values, table, size]);
  return <canvas ref={canvas} className="pixels" width={size} height={size} role="img" aria-label={name} />;
}
