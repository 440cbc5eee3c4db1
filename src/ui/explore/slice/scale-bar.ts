/** A bar of a round length: as long as fits into `room` CSS pixels. `mmPerPixel` null: in pixels of the slice. */
export function scaleBar(mmPerPixel: number | null, zoom: number, room: number): { length: number; text: string } {
  const perUnit = zoom / (mmPerPixel ?? 1);
  const round = [200, 100, 50, 20, 10, 5, 2, 1].find((value) => value * perUnit <= room) ?? 1;
  return { length: round * perUnit, text: `${round} ${mmPerPixel === null ? "px" : "mm"}` };
}

/** CSS pixels that the zoom buttons take at the other corner, and that the bar's own text takes. */
const BUTTONS = { fine: 150, coarse: 210, high: 34, highCoarse: 48 } as const;
const TEXT = 64;

/** Where the bar's foot stands in a frame: above the zoom buttons where both do not fit beside each other. */
export function barBottom(
  { length }: { readonly length: number },
  width: number,
  height: number,
  coarse: boolean = matchMedia("(any-pointer: coarse)").matches,
): number {
  const fits = 12 + length + TEXT + (coarse ? BUTTONS.coarse : BUTTONS.fine) <= width;
  return height - 12 - (fits ? 0 : coarse ? BUTTONS.highCoarse : BUTTONS.high);
}

/** Paints it at the lower left corner of a picture. */
export function paintScaleBar(
  context: CanvasRenderingContext2D,
  bar: { readonly length: number; readonly text: string },
  left: number,
  bottom: number,
): void {
  const path = () => {
    context.beginPath();
    context.moveTo(left, bottom - 5);
    context.lineTo(left, bottom);
    context.lineTo(left + bar.length, bottom);
    context.lineTo(left + bar.length, bottom - 5);
  };
  context.save();
  context.lineJoin = "round";
  context.strokeStyle = "rgb(0 0 0 / 65%)";
  context.lineWidth = 4;
  path();
  context.stroke();
  context.strokeStyle = "#fff";
  context.lineWidth = 1.5;
  path();
  context.stroke();
  outlinedText(context, bar.text, left + bar.length + 7, bottom + 1);
  context.restore();
}

export function outlinedText(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  context.font = "12px system-ui, sans-serif";
  context.lineJoin = "round";
  context.strokeStyle = "rgb(0 0 0 / 75%)";
  context.lineWidth = 3;
  context.strokeText(text, x, y);
  context.fillStyle = "#fff";
  context.fillText(text, x, y);
}
