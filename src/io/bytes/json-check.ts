/** Checks of parsed JSON, each of which returns the value or throws a RangeError naming the field. */
export type Json = Readonly<Record<string, unknown>>;

const LONGEST_TEXT = 300;

export function isObject(json: unknown): json is Json {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

export function object(json: unknown, name: string): Json {
  if (!isObject(json)) throw new RangeError(`its ${name} is not an object`);
  return json;
}

/** Text without control characters, at most 300 long. */
export function text(json: unknown, name: string): string {
  if (typeof json !== "string" || json.length > LONGEST_TEXT) throw new RangeError(`its ${name} is not a short text`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\x00-\x1f\x7f]/.test(json)) throw new RangeError(`its ${name} has control characters`);
  return json;
}

export function finite(json: unknown, name: string, low = -1e12, high = 1e12): number {
  if (typeof json !== "number" || !(json >= low && json <= high)) {
    throw new RangeError(`its ${name} is not a number from ${low} to ${high}`);
  }
  return json;
}

export function integer(json: unknown, name: string, low: number, high: number): number {
  const value = finite(json, name, low, high);
  if (!Number.isInteger(value)) throw new RangeError(`its ${name} is not a whole number`);
  return value;
}

export function list(json: unknown, name: string, longest: number): readonly unknown[] {
  if (!Array.isArray(json) || json.length > longest) throw new RangeError(`its ${name} is not a list up to ${longest}`);
  return json;
}

export function triple(json: unknown, name: string): [number, number, number] {
  const values = list(json, name, 3);
  if (values.length !== 3) throw new RangeError(`its ${name} is not three numbers`);
  return [finite(values[0], name), finite(values[1], name), finite(values[2], name)];
}

export function oneOf<const T extends string>(json: unknown, name: string, among: readonly T[]): T {
  const found = among.find((value) => value === json);
  if (found === undefined) throw new RangeError(`its ${name} is none of ${among.join(", ")}`);
  return found;
}

export function booleans(json: unknown, name: string): Record<string, boolean> {
  const entries = Object.entries(object(json, name));
  if (entries.length > 100) throw new RangeError(`its ${name} has over 100 entries`);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (typeof value !== "boolean") throw new RangeError(`its ${name} has a value that is not true or false`);
      return [text(key, name), value];
    }),
  );
}

/** null and a missing field are the same here. */
export function nullable<T>(json: unknown, check: (json: unknown) => T): T | null {
  return json === null || json === undefined ? null : check(json);
}

/** `{ [key]: value }`, or nothing where the field is missing: to be spread into an object. */
export function optional<K extends string, T>(json: unknown, key: K, check: (json: unknown) => T): { [P in K]?: T } {
  return (json === undefined ? {} : { [key]: check(json) }) as { [P in K]?: T };
}
