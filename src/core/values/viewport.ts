/** How a picture is looked at. */
export interface Look {
  /** 1 = all of it fits into its frame. */
  readonly zoom: number;
  /** The picture's point in the middle of the frame, in its pixels from its left upper corner. */
  readonly x: number;
  readonly y: number;
}

/** A picture of `width` × `height` pixels in a frame of `frameWidth` × `frameHeight` screen units. */
export interface Framed {
  readonly width: number;
  readonly height: number;
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** How many times as high as wide a pixel is; 1 where left out. */
  readonly aspect?: number;
}

export const MOST_ZOOM = 16;

export function wholeLook({ width, height }: Pick<Framed, "width" | "height">): Look {
  return { zoom: 1, x: width / 2, y: height / 2 };
}

/** The nearest look that shows no more beside the picture than it must. */
export function within({ zoom, x, y }: Look, framed: Framed): Look {
  const near = clamp(zoom, 1, MOST_ZOOM);
  const { scale, scaleY } = scalesOf(near, framed);
  const along = (at: number, length: number, frame: number, unit: number) => {
    const half = frame / unit / 2; // of the pixels seen
    return half >= length / 2 ? length / 2 : clamp(at, half, length - half);
  };
  const { width, height, frameWidth, frameHeight } = framed;
  return { zoom: near, x: along(x, width, frameWidth, scale), y: along(y, height, frameHeight, scaleY) };
}

/** Where a picture lies in its frame: screen = (left + scale · x, top + scaleY · y) of the pixel (x, y). */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
  readonly scaleY: number;
}

export function placed(look: Look, framed: Framed): Placement {
  const { zoom, x, y } = within(look, framed);
  const { scale, scaleY } = scalesOf(zoom, framed);
  return { left: framed.frameWidth / 2 - x * scale, top: framed.frameHeight / 2 - y * scaleY, scale, scaleY };
}

/** Another zoom about a point of the frame: what lay under it stays there, moved by (dx, dy) where the hand moved too. */
export function zoomed(
  look: Look,
  zoom: number,
  at: readonly [number, number],
  framed: Framed,
  [dx, dy]: readonly [number, number] = [0, 0],
): Look {
  const before = placed(look, framed);
  const near = clamp(zoom, 1, MOST_ZOOM);
  const { scale, scaleY } = scalesOf(near, framed);
  const [pixelX, pixelY] = [(at[0] - before.left) / before.scale, (at[1] - before.top) / before.scaleY];
  const next = {
    zoom: near,
    x: pixelX - (at[0] + dx - framed.frameWidth / 2) / scale,
    y: pixelY - (at[1] + dy - framed.frameHeight / 2) / scaleY,
  };
  return within(next, framed);
}

/** The look after the picture was dragged by (dx, dy) screen units. */
export function panned(look: Look, dx: number, dy: number, framed: Framed): Look {
  return zoomed(look, look.zoom, [framed.frameWidth / 2, framed.frameHeight / 2], framed, [dx, dy]);
}

/** A part of a picture, in its pixels from its left upper corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A look that shows a part of the picture, with a rim of a quarter of its sides. */
export function lookAt({ x, y, width, height }: Box, framed: Framed): Look {
  const { scale, scaleY } = scalesOf(1, framed);
  const zoom = Math.min(framed.frameWidth / (1.5 * width * scale), framed.frameHeight / (1.5 * height * scaleY));
  return within({ zoom, x: x + width / 2, y: y + height / 2 }, framed);
}

/** Screen units of a pixel's width and height; at zoom 1 all of the picture fits into its frame. */
function scalesOf(
  zoom: number,
  { width, height, frameWidth, frameHeight, aspect = 1 }: Framed,
): Pick<Placement, "scale" | "scaleY"> {
  const scale = zoom * Math.min(frameWidth / width, frameHeight / (height * aspect));
  return { scale, scaleY: scale * aspect };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
