interface BallSeries {
  readonly placed?: boolean;
  readonly side?: number;
  readonly slices?: number;
  readonly stepMm?: number;
}

/**
 * A ball of 7 mm around (column 70, row 60) of the middle one of 9 slices: pixels of .7 mm, slices every 2.5 mm, as an
 * NRRD file.
 */
export function ballSeries({ placed = true, side = 140, slices = 9, stepMm = 2.5 }: BallSeries = {}): File {
  const middle = Math.floor(slices / 2);
  const values = Uint8Array.from({ length: slices * side * side }, (_, i) => {
    const [x, y, z] = [i % side, Math.floor(i / side) % side, Math.floor(i / (side * side))];
    const distance = Math.hypot((x - 70) * 0.7, (y - 60) * 0.7, (z - middle) * stepMm);
    return 40 + 10 * Math.sin(x / 3) + 190 / (1 + Math.exp(distance - 7));
  });
  const head = `NRRD0004\ntype: uint8\ndimension: 3\nsizes: ${side} ${side} ${slices}\nencoding: raw\n`;
  const space = `space: left-posterior-superior\nspace directions: (0.7,0,0) (0,0.7,0) (0,0,${stepMm})\nspace origin: (0,0,0)\n`;
  return new File([`${head}${placed ? space : ""}\n`, values], "ball.nrrd");
}
