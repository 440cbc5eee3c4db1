/**
 * sRGB → CIELab, scaled to 16 bits (PS3.3 C.10.7.1.1). White is D65, not the standard's D50: 3D Slicer (dcmqi) and OHIF
 * (dcmjs) read it so, and with D50 the colours they show overflow.
 */
export function cieLab(rgb: readonly [number, number, number]): [number, number, number] {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  // IEC 61966-2-1, divided by the white point.
  const x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047;
  const y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b;
  const z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883;
  const [fx, fy, fz] = [x, y, z].map((t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116));
  const lightness = 116 * (fy as number) - 16;
  const a = 500 * ((fx as number) - (fy as number));
  const bb = 200 * ((fy as number) - (fz as number));
  const scaled = (value: number, low: number, span: number) =>
    Math.min(65535, Math.max(0, Math.round(((value - low) / span) * 65535)));
  return [scaled(lightness, 0, 100), scaled(a, -128, 255), scaled(bb, -128, 255)];
}
