import { currentLanguage } from "./speech.ts";

/**
 * Remembers the last result of `compute` by the identity of its inputs: selectors may be called on every change of the
 * state and work only where what they read has changed, or the language that they may speak.
 */
export function derive<S, Inputs extends unknown[], Result>(
  read: (state: S) => readonly [...Inputs],
  compute: (...inputs: Inputs) => Result,
): (state: S) => Result {
  let last: { inputs: readonly [...Inputs]; language: string; result: Result } | null = null;
  return (state) => {
    const inputs = read(state);
    const language = currentLanguage();
    if (last?.language === language && inputs.every((input, i) => Object.is(input, last?.inputs[i])))
      return last.result;
    const result = compute(...inputs);
    last = { inputs, language, result };
    return result;
  };
}
