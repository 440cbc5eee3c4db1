/** A cell: null is left empty. */
export type Cell = string | number | boolean | null;

/** `semicolon`: cells apart by ";" and a decimal comma, as spreadsheets set to German, French or Spanish read them. */
export const TABLE_STYLES = ["comma", "semicolon"] as const;
export type TableStyle = (typeof TABLE_STYLES)[number];

/**
 * Rows of cells apart by "," or ";", RFC 4180 with "\n". Text that a spreadsheet would take for a formula is set in front
 * with an apostrophe; numbers are left as they are, but for the decimal comma.
 */
export function writeCsv(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  style: TableStyle = "comma",
): string {
  const apart = style === "comma" ? "," : ";";
  const lines = [header, ...rows].map((row) => row.map((cell) => cellText(cell, style)).join(apart));
  return `${lines.join("\n")}\n`;
}

function cellText(cell: Cell, style: TableStyle): string {
  if (cell === null) return "";
  if (typeof cell === "number" && style === "semicolon") return String(cell).replace(".", ",");
  if (typeof cell !== "string") return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return (style === "comma" ? /[",\r\n]/ : /[";\r\n]/).test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The shortest decimal that reads back as the same float32: 0.1, not 0.10000000149011612. */
export function float32Text(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}
