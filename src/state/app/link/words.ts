/** Puts a word into a link; `plain`: the value that a link without the word stands for. */
export type Say = (key: string, value: string, plain?: string) => void;

/** What is said takes effect; what is not, or makes no sense, leaves things as they are. */
export function whenThere<T>(value: T | null, take: (value: T) => void): void {
  if (value !== null) take(value);
}

/** A number from `low` to `high`; null where it is none. */
export function numberIn(text: string | null, low: number, high: number): number | null {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= low && value <= high ? value : null;
}

export function wholeIn(text: string | null, low: number, high: number): number | null {
  const value = numberIn(text, low, high);
  return value !== null && Number.isInteger(value) ? value : null;
}

/** Numbers with commas between them, at most 1,024; null where one of them is none. */
export function numbersIn(text: string): number[] | null {
  const parts = text.split(",");
  if (parts.length > 1024 || parts.some((part) => part.trim() === "")) return null;
  const values = parts.map(Number);
  return values.every(Number.isFinite) ? values : null;
}

export function pairIn(text: string | null): [number, number] | null {
  const values = text === null ? null : numbersIn(text);
  return values?.length === 2 ? (values as [number, number]) : null;
}

/** To so many digits behind the point, and no zeros at the end. */
export function inDigits(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
