/** All parts in a row, as one array of their `kind`. */
export function concat<A extends Uint8Array | Float32Array>(kind: new (length: number) => A, parts: readonly A[]): A {
  const all = new kind(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
