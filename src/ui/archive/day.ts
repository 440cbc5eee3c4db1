/** "20200131" → "2020-01-31"; what is no date as it is. */
export function dayInWords(date: string): string {
  return date.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3") || "–";
}
