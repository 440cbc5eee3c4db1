/** ".82" stays "0.82"; null is an en dash. */
export function decimals(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return value
    .toFixed(digits)
    .replace(/^-(0(?:\.0*)?)$/, "$1")
    .replace("-", "−");
}

/** "+1.20", "−0.35" */
export function signed(value: number, digits = 2): string {
  const text = decimals(Math.abs(value), digits);
  return Number(value.toFixed(digits)) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

/** An area in mm², or in px where the spacing is unknown. */
export function areaText(px: number, mm2PerPx: number | null): string {
  return mm2PerPx === null ? `${px} px` : `${Math.round(px * mm2PerPx)} mm²`;
}

export function areaNumber(px: number, mm2PerPx: number | null): number {
  return mm2PerPx === null ? px : px * mm2PerPx;
}

export function areaUnit(mm2PerPx: number | null): string {
  return mm2PerPx === null ? "px" : "mm²";
}
