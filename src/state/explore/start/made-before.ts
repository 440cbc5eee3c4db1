const before = new WeakSet<object>();

/** These values were made before the visit, and hold of the maps what can be seen: the engine makes them anew. */
export function markMadeBefore<T extends object>(values: T): T {
  before.add(values);
  return values;
}

export function wasMadeBefore(values: object | undefined): boolean {
  return values !== undefined && before.has(values);
}
