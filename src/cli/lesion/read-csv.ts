/**
 * The rows of a comma-separated table with a header, each a map from the header's names to texts. Quotes as in RFC 4180;
 * a missing cell is "".
 */
export function readCsv(text: string): Record<string, string>[] {
  const [header = [], ...rows] = cellsOf(text);
  return rows
    .filter((cells) => cells.length > 1 || cells[0] !== "")
    .map((cells) => Object.fromEntries(header.map((name, k) => [name, cells[k] ?? ""])));
}

function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  // one cell, quoted or plain, and what ends it
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) break;
    rows.at(-1)?.push(found[1] === undefined ? (found[2] as string) : found[1].replaceAll('""', '"'));
    if (found[3] !== "," && cell.lastIndex < text.length) rows.push([]);
  }
  return rows;
}
