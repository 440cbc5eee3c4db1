/** As much of a text as fits into so many pixels, with "…" where it is cut. `measured`: how wide a text of the size is. */
export function fittedText(
  text: string,
  width: number,
  size: number,
  measured: (text: string, size: number) => number = widthOf,
): string {
  if (measured(text, size) <= width) return text;
  const letters = [...text];
  while (letters.length > 0 && measured(`${letters.join("").trimEnd()}…`, size) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** In the font of the pictures that leave the page. */
function widthOf(text: string, size: number): number {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return text.length * size; // no letter is wider
  context.font = `${size}px system-ui, sans-serif`;
  return context.measureText(text).width;
}
