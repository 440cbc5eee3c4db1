/** Draws in CSS pixels; `scale` device pixels to each of them. */
export type Paint = (context: CanvasRenderingContext2D, width: number, height: number, scale: number) => void;

/** The room of a picture: CSS pixels, and device pixels to each of them. */
interface PictureRoom {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

/** The room that an element gives its picture. */
export function roomOf(element: Element): PictureRoom {
  const { width, height } = element.getBoundingClientRect();
  return { width, height, scale: window.devicePixelRatio || 1 };
}

/** Whether the canvas has as many pixels as the room. */
export function fits({ width, height }: HTMLCanvasElement, room: PictureRoom): boolean {
  return width === Math.round(room.width * room.scale) && height === Math.round(room.height * room.scale);
}

/** Paints a canvas anew, as sharp as the screen. */
export function paintIn(canvas: HTMLCanvasElement, room: PictureRoom, paint: Paint): void {
  const context = canvas.getContext("2d");
  if (!context || room.width === 0) return;
  if (!fits(canvas, room))
    [canvas.width, canvas.height] = [Math.round(room.width * room.scale), Math.round(room.height * room.scale)];
  context.save(); // what one painting sets of the context is none of the next one's
  context.setTransform(room.scale, 0, 0, room.scale, 0, 0);
  context.clearRect(0, 0, room.width, room.height);
  paint(context, room.width, room.height, room.scale);
  context.restore();
}
