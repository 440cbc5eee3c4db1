/**
 * Remembers the last result of `compute` by the identity of its inputs: selectors may be called on every change of the
 * state and work only where what they read has changed.
 */
export function derive<S, Inputs extends unknown[], Result>(
  read: (state: S) => readonly [...Inputs],
  compute: (...inputs: Inputs) => Result,
): (state: S) => Result {
  let last: { inputs: readonly [...Inputs]; result: Result } | null = null;
  return (state) => {
    const inputs = read(state);
    if (last !== null && inputs.every((input, i) => Object.is(input, last?.inputs[i]))) return last.result;
    const result = compute(...inputs);
    last = { inputs, result };
    return result;
  };
}
