/** After which steps all held-out cases are looked at: a look takes as long as some ten steps. */
export function looksAt(step: number): boolean {
  return step <= 100 ? step % 25 === 0 : step % 50 === 0;
}

/** … and after which the two shown cases are drawn again. */
export function peeksAt(step: number): boolean {
  return step <= 20 || step % 5 === 0;
}
