/** A bar of a round length: as long as fits into `room` CSS pixels. `mmPerPixel` null: in pixels of the slice. */
export function scaleBar(mmPerPixel: number | null, zoom: number, room: number): { length: number; text: string } {
  const perUnit = zoom / (mmPerPixel ?? 1);
  const round = [200, 100, 50, 20, 10, 5, 2, 1].find((value) => value * perUnit <= room) ?? 1;
  return { length: round * perUnit, text: `${round} ${mmPerPixel === null ? "px" : "mm"}` };
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
