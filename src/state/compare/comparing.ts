/** The systems side by side, and how they are shown. */
export interface Comparing {
  /** Names of models, in the order of the columns; empty until the view is first opened. */
  readonly systems: readonly string[];
  /** Whether they are as somebody wanted them: then no other joins them by itself. */
  readonly chosen: boolean;
  readonly outlines: { readonly samples: boolean; readonly graders: boolean };
}
