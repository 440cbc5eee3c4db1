/**
 * Two pieces of code for what every visit runs, the one that paints what is seen first and the page: else each of their
 * modules that something on demand needs too is a piece of its own, some ninety, and each costs a request and a parse.
 * `entries`: the ends of the names of their first modules, in the order in which they are run.
 */
export function firstChunks(entries) {
  let pieces = null;
  return (id, context) => {
    pieces ??= piecesOf(entries, (one) => context.getModuleInfo(one));
    return pieces.get(id) ?? null;
  };
}

function piecesOf(entries, getModuleInfo) {
  const pieces = new Map();
  for (const [name, first] of entries) {
    const waiting = [first];
    while (waiting.length > 0) {
      const id = waiting.pop();
      if (pieces.has(id)) continue;
      pieces.set(id, name);
      waiting.push(...(getModuleInfo(id)?.importedIds ?? []));
    }
  }
  return pieces;
}
