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
}

export const MOST_ZOOM = 16;

export function wholeLook({ width, height }: Pick<Framed, "width" | "height">): Look {
  return { zoom: 1, x: width / 2, y: height / 2 };
}

/** The nearest look that shows no more beside the picture than it must. */
export function within({ zoom, x, y }: Look, framed: Framed): Look {
  const near = clamp(zoom, 1, MOST_ZOOM);
  const scale = fittedScale(framed) * near;
  const along = (at: number, length: number, frame: number) => {
    const half = frame / scale / 2; // of the pixels seen
    return half >= length / 2 ? length / 2 : clamp(at, half, length - half);
  };
  return { zoom: near, x: along(x, framed.width, framed.frameWidth), y: along(y, framed.height, framed.frameHeight) };
}

/** Where the picture lies in its frame: screen = offset + scale · pixel. */
export function placed(look: Look, framed: Framed): { left: number; top: number; scale: number } {
  const { zoom, x, y } = within(look, framed);
  const scale = fittedScale(framed) * zoom;
  return { left: framed.frameWidth / 2 - x * scale, top: framed.frameHeight / 2 - y * scale, scale };
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
  const scale = fittedScale(framed) * near;
  const [pixelX, pixelY] = [(at[0] - before.left) / before.scale, (at[1] - before.top) / before.scale];
  const next = {
    zoom: near,
    x: pixelX - (at[0] + dx - framed.frameWidth / 2) / scale,
    y: pixelY - (at[1] + dy - framed.frameHeight / 2) / scale,
  };
  return within(next, framed);
}

/** The look after the picture was dragged by (dx, dy) screen units. */
export function panned(look: Look, dx: number, dy: number, framed: Framed): Look {
  return zoomed(look, look.zoom, [framed.frameWidth / 2, framed.frameHeight / 2], framed, [dx, dy]);
}

/** A look that shows a square of the picture, with a rim of a quarter of its side. */
export function lookAt(box: { readonly x: number; readonly y: number; readonly side: number }, framed: Framed): Look {
  const side = 1.5 * box.side;
  const zoom = Math.min(framed.frameWidth, framed.frameHeight) / (side * fittedScale(framed));
  return within({ zoom, x: box.x + box.side / 2, y: box.y + box.side / 2 }, framed);
}

function fittedScale({ width, height, frameWidth, frameHeight }: Framed): number {
  return Math.min(frameWidth / width, frameHeight / height);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
