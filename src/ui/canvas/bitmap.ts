import type { Placement } from "../../core/values/viewport.ts";

/** A picture of `width` × `height` RGBA bytes as a canvas that can be drawn at any size. */
export function bitmapOf(rgba: Uint8ClampedArray, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(rgba as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0);
  return canvas;
}

/** Grey bytes [H,W] as RGBA. */
export function greyRgba(grey: Uint8Array | Uint8ClampedArray): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(grey.length * 4);
  for (let i = 0; i < grey.length; i++) {
    const value = grey[i] as number;
    rgba[4 * i] = value;
    rgba[4 * i + 1] = value;
    rgba[4 * i + 2] = value;
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}

/** Traces loops of pixel coordinates (x, y pairs) into the current path. */
export function tracePath(
  context: CanvasRenderingContext2D,
  loops: readonly Float32Array[],
  { left, top, scale, scaleY }: Placement,
  closed = true,
): void {
  context.beginPath();
  for (const loop of loops) {
    for (let i = 0; i < loop.length; i += 2) {
      const x = left + (loop[i] as number) * scale;
      const y = top + (loop[i + 1] as number) * scaleY;
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    if (closed) context.closePath();
  }
}
