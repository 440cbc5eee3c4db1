import { newSession } from "../io/session/new-session.ts";
import { readArguments, readOrder, readPoint } from "./arguments.ts";
import { BACKEND } from "./backend.ts";
import { readModel } from "./model-folder.ts";
import { checkPoint, frameAsked, openPicture, sliceHash } from "./picture.ts";
import { appVersion, readFormats, type SampleRun, sampleExport, writeExport } from "./sampling.ts";

const OPTIONS = [
  "at",
  "frame",
  "count",
  "representative",
  "order",
  "seed",
  "draw",
  "threshold",
  "model",
  "formats",
  "out",
  "server",
];

/**
 * `sample FILE --at X,Y [--frame K] [--count 16] [--representative M] [--order iid|antithetic|sobol] [--seed 0] [--draw 0] [--threshold 0.5] [--model NAME|DIR] [--mean]
 * [--formats png,nifti,nrrd,seg,rtstruct] [--server URL] --out DIR|ZIP`
 */
export async function sample(words: readonly string[]): Promise<object> {
  const args = readArguments(words, { positionals: ["FILE"], options: OPTIONS, flags: ["mean"] });
  const [x, y] = readPoint("at", args.needed("at"));
  const count = args.whole("count", 16, 1, 1000);
  const representativeOf = args.whole("representative", count, count, 1000);
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const draw = args.whole("draw", 0, 0, 2 ** 31 - 1);
  const out = args.needed("out");
  const formats = readFormats(args.text("formats"));
  const files = await readModel(args.text("model"));
  const { config } = files;
  const order = readOrder(args, config);
  const picture = await openPicture(args.positionals[0] as string, frameAsked(args), args.text("server"));
  const { slice, frame } = picture;
  checkPoint(slice, [x, y]);
  const run: SampleRun = {
    ...picture,
    files,
    mean: args.flag("mean"),
    session: newSession({
      app: await appVersion(),
      config,
      slice,
      sha256: sliceHash(slice),
      frame,
      region: [x, y],
      choice: {
        kind: config.choice,
        seed,
        count,
        ...(representativeOf > count ? { representative: { of: representativeOf, weights: [] } } : {}),
        ...(draw === 0 ? {} : { draw }),
        ...(order === "iid" ? {} : { order }),
      },
      threshold: args.number("threshold", config.threshold, 0, 1),
      backend: BACKEND,
    }),
  };
  const input = await sampleExport(run);
  return writeExport(out, input, formats);
}
