/** What of a chart's look may come from the style sheet, which a picture of it leaves behind. */
const LOOKS = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "paint-order", "font-size"];

/** A copy of a chart on the page that looks the same anywhere: what the style sheet says of it is written out. */
export function standingAlone(chart: SVGSVGElement): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const copies = copy.querySelectorAll<SVGElement>("*");
  for (const [i, part] of [...chart.querySelectorAll<SVGElement>("*")].entries()) {
    const looks = getComputedStyle(part);
    for (const name of LOOKS) copies[i]?.setAttribute(name, looks.getPropertyValue(name));
    copies[i]?.removeAttribute("class");
  }
  return copy;
}

/** An SVG of its own, as the bytes of its file. */
export function svgBytes(root: SVGSVGElement): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(new XMLSerializer().serializeToString(root));
}

/** The same as PNG bytes on a dark ground, `scale` pixels to each of its units. @throws where the browser cannot paint it */
export async function svgPng(root: SVGSVGElement, width: number, height: number, scale: number): Promise<Uint8Array> {
  const url = URL.createObjectURL(new Blob([svgBytes(root)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return await paintedPng(width * scale, Math.round(height * scale), (context) =>
      context.drawImage(image, 0, 0, context.canvas.width, context.canvas.height),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** PNG bytes of what is painted on a dark ground of this size in pixels. @throws where the browser cannot paint it */
export async function paintedPng(
  width: number,
  height: number,
  paint: (context: CanvasRenderingContext2D) => void,
): Promise<Uint8Array> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser gives no canvas to paint on");
  context.fillStyle = "#101418";
  context.fillRect(0, 0, width, height);
  paint(context);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("this browser could not make the picture");
  return new Uint8Array(await blob.arrayBuffer());
}
