/** Marks on the plane and on the map of masks: the same for the same thing. */

export function paintDot(context: CanvasRenderingContext2D, [x, y]: [number, number], chosen: boolean): void {
  context.beginPath();
  context.arc(x, y, chosen ? 3.5 : 2.5, 0, 2 * Math.PI);
  context.fillStyle = chosen ? "#ffffff" : "#9fd4ff";
  context.strokeStyle = "rgb(0 0 0 / 80%)";
  context.lineWidth = 1.5;
  context.stroke();
  context.fill();
}

export function paintGrader(
  context: CanvasRenderingContext2D,
  [x, y]: [number, number],
  text: string,
  colour: string,
): void {
  context.save();
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.strokeStyle = "#05070a";
  context.lineWidth = 2;
  context.fill();
  context.stroke();
  context.fillStyle = "#05070a";
  context.font = `bold ${text.length > 1 ? 9 : 11}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y + 0.5);
  context.restore();
}
