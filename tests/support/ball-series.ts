/** A ball of 7 mm around (column 70, row 60) of slice 4 of 9: pixels of .7 mm, slices every 2.5 mm, as an NRRD file. */
export function ballSeries(parts: { readonly placed?: boolean; readonly side?: number } = {}): File {
  const { placed = true, side = 140 } = parts;
  const values = Uint8Array.from({ length: 9 * side * side }, (_, i) => {
    const [x, y, z] = [i % side, Math.floor(i / side) % side, Math.floor(i / (side * side))];
    const distance = Math.hypot((x - 70) * 0.7, (y - 60) * 0.7, (z - 4) * 2.5);
    return 40 + 10 * Math.sin(x / 3) + 190 / (1 + Math.exp(distance - 7));
  });
  const head = `NRRD0004\ntype: uint8\ndimension: 3\nsizes: ${side} ${side} 9\nencoding: raw\n`;
  const space =
    "space: left-posterior-superior\nspace directions: (0.7,0,0) (0,0.7,0) (0,0,2.5)\nspace origin: (0,0,0)\n";
  return new File([`${head}${placed ? space : ""}\n`, values], "ball.nrrd");
}
