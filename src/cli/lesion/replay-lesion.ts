import { GraderspaceError } from "../../core/errors.ts";
import { checkSlice } from "../picture.ts";
import { type LesionRun, runLesion } from "./lesion-run.ts";
import { openSeriesAt, withMarkFiles } from "./marked-series.ts";

interface LesionReplay extends LesionRun {
  readonly sessionFile: string;
}

/**
 * A lesion's files again, out of its session, its series and the marks that lay over it.
 * @throws GraderspaceError WrongSession where the series, or how many graders there are, is not the session's
 */
export async function replayLesion(
  run: LesionReplay,
  path: string,
  markFiles: readonly string[],
  server?: string,
): Promise<object> {
  const { session, sessionFile } = run;
  const { start, graders = 0 } = session.lesion;
  const bare = await openSeriesAt(path, server);
  checkSlice(await bare.slice(session.slice.frame), session, sessionFile);
  const stack = await withMarkFiles(bare, markFiles, start, server);
  const here = (await stack.graders?.(start))?.length ?? 0;
  if (here !== graders) {
    const problem = `its lesion was followed with the marks of ${graders} grader${graders === 1 ? "" : "s"}, and here are those of ${here}`;
    const remedy = graders > 0 ? "give the same files with --marks" : "leave --marks out";
    throw new GraderspaceError("WrongSession", { file: sessionFile, problem, remedy });
  }
  return runLesion(stack, await stack.slice(start), run);
}
