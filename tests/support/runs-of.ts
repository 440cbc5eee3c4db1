import type { Explorer } from "../../src/state/app/create.ts";
import type { Runs } from "../../src/state/app/on-demand/runs.ts";

/** The work behind the places beside the explorer, once `explorer.runs.fetch()` was awaited. */
export function runsOf(explorer: Explorer): Runs {
  const runs = explorer.runs.ready();
  if (!runs) throw new Error("the runs have not come yet");
  return runs;
}
