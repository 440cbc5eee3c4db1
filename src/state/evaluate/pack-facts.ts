/** What of a pack an evaluation and its pictures need, without any picture. */
export interface PackFacts {
  readonly shelf: string;
  readonly title: string;
  /** sha256 of its pack.json: the name under which results are kept. */
  readonly key: string;
  readonly cases: readonly { readonly id: string; readonly title: string }[];
  /** Whose each case is; null unless all of them say so. */
  readonly patients: readonly string[] | null;
}
