import { GraderspaceError } from "../../core/errors.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { presetNamed } from "../../core/lesion/decisions.ts";
import { newSession } from "../../io/session/new-session.ts";
import { whyNoVolume } from "../../io/stack/places-along.ts";
import { readArguments, readPoint } from "../arguments.ts";
import { BACKEND } from "../backend.ts";
import { readModel } from "../model-folder.ts";
import { checkPoint, sliceHash } from "../picture.ts";
import { appVersion } from "../sampling.ts";
import { runLesion } from "./lesion-run.ts";
import { openSeriesAt, withMarkFiles } from "./marked-series.ts";

const OPTIONS = ["at", "slice", "count", "seed", "model", "coupling", "thresholds", "out", "server"];

/**
 * `lesion SERIES --at X,Y --slice K [--count 32] [--seed 0] [--model NAME|DIR] [--marks FILE…] [--coupling NAME]
 * [--thresholds fleischner-2017] [--server URL] --out DIR|ZIP`: from slice K (from 0) outwards, as far as anybody marks it.
 */
export async function lesion(words: readonly string[]): Promise<object> {
  const args = readArguments(words, { positionals: ["SERIES"], options: OPTIONS, lists: ["marks"] });
  const at = readPoint("at", args.needed("at"));
  const count = args.whole("count", 32, 1, 1000);
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const coupling = couplingNamed(args.text("coupling") ?? DEFAULT_COUPLING).name;
  const thresholds = args.text("thresholds") ?? "fleischner-2017";
  presetNamed(thresholds); // refused before anything is read
  const out = args.needed("out");
  const bare = await openSeriesAt(args.positionals[0] as string, args.text("server"));
  const problem = whyNoVolume(bare);
  if (problem) throw new GraderspaceError("BadArgument", { file: bare.name, problem, remedy: "give one volume" });
  args.needed("slice");
  const start = args.whole("slice", 0, 0, bare.frames - 1);
  const slice = await bare.slice(start);
  checkPoint(slice, at);
  const stack = await withMarkFiles(bare, args.list("marks"), start, args.text("server"));
  const graders = (await stack.graders?.(start))?.length ?? 0;
  const files = await readModel(args.text("model"));
  const { config } = files;
  const followed = { start, at, coupling, thresholds, ...(graders > 0 && { graders }) };
  const session = newSession({
    app: await appVersion(),
    config,
    slice,
    sha256: sliceHash(slice),
    frame: start,
    region: at,
    choice: { kind: config.choice, seed, count },
    threshold: config.threshold,
    backend: BACKEND,
  });
  return runLesion(stack, slice, { files, session: { ...session, lesion: followed }, out });
}
