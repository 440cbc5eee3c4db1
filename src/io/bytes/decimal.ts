const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * The number that a text of digits says; NaN where it is none. JavaScript takes more for numbers than any format does:
 * "" and "0x10", "0b11" and "Infinity", and `parseFloat` "12mm".
 */
export function decimalOf(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}
