import { weightsHash } from "../core/config/weights-hash.ts";
import { GraderspaceError } from "../core/errors.ts";
import type { ModelFiles } from "../core/network/model.ts";
import { latticeSizes } from "../core/random/draws.ts";
import { gridFromText } from "../io/session/grid-text.ts";
import { readSession, type Session } from "../io/session/session.ts";
import { readArguments } from "./arguments.ts";
import { replayLesion } from "./lesion/replay-lesion.ts";
import { readModel } from "./model-folder.ts";
import { checkSlice, openPicture } from "./picture.ts";
import { readBytes } from "./read-bytes.ts";
import { readFormats, sampleExport, writeExport } from "./sampling.ts";

/**
 * `replay SESSION.json --slice FILE [--model NAME|DIR] [--mean] [--formats png,nifti,nrrd,seg,rtstruct] --out DIR|ZIP`: the session's
 * masks again, byte by byte. Of a lesion's session: `replay SESSION.json --slice SERIES [--marks FILE…] [--model NAME|DIR]
 * --out DIR|ZIP`, the lesion's files again.
 */
export async function replay(words: readonly string[]): Promise<object> {
  const args = readArguments(words, {
    positionals: ["SESSION.json"],
    options: ["slice", "model", "formats", "out", "server"],
    flags: ["mean"],
    lists: ["marks"],
  });
  const { name, bytes } = await readBytes(args.positionals[0] as string);
  const session = readSession(bytes, name);
  const out = args.needed("out");
  const formats = readFormats(args.text("formats"));
  const files = await readModel(args.text("model") ?? session.model.name);
  checkModel(files, session, name);
  checkLatent(files, session, name);
  const slice = args.needed("slice");
  if (session.lesion) {
    if (args.text("formats") || args.flag("mean")) {
      const remedy = "leave --formats and --mean out";
      throw new GraderspaceError("BadArgument", { file: name, problem: "it is the session of a lesion", remedy });
    }
    const { lesion } = session;
    const run = { files, session: { ...session, lesion }, sessionFile: name, out };
    return replayLesion(run, slice, args.list("marks"), args.text("server"));
  }
  if (args.list("marks").length > 0) {
    const problem = "it is the session of one slice, whose masks do not hang on marks";
    throw new GraderspaceError("BadArgument", { file: name, problem, remedy: "leave --marks out" });
  }
  const picture = await openPicture(slice, session.slice.frame, args.text("server"));
  checkSlice(picture.slice, session, name);
  const input = await sampleExport({ ...picture, files, session, mean: args.flag("mean") });
  return writeExport(out, input, formats);
}

function checkModel({ config }: ModelFiles, session: Session, file: string): void {
  if (weightsHash(config) === session.model.sha256) return;
  const problem = `it was made with other weights of ${session.model.name} than the ones here`;
  throw new GraderspaceError("WrongSession", { file, problem, remedy: "give that model's folder with --model" });
}

/** The z of the sliders must have a number for each axis of the model, as its fields for each node; without z there is none. */
function checkLatent({ config }: ModelFiles, session: Session, file: string): void {
  const { z, kind, fields } = session.choice;
  const wrong = (problem: string) =>
    new GraderspaceError("WrongSession", { file, problem, remedy: "open a session.json that Graderspace wrote" });
  if (kind !== config.choice) {
    throw wrong(`its samples were chosen by ${kind}, and those of ${config.name} are chosen by ${config.choice}`);
  }
  const axes = config.choice === "z" ? config.architecture.latent : 0;
  if (z && z.length !== axes) throw wrong(`its z has ${z.length} numbers, and ${config.name} has ${axes} axes`);
  if (!fields || fields.length === 0) return;
  const { size } = config.preprocessing;
  const wanted = latticeSizes(size, size, config.architecture.head.fields).map(({ width, height }) => width * height);
  const given = fields.map((text) => gridFromText(text)?.length ?? 0);
  if (wanted.join() !== given.join()) {
    throw wrong(
      `its fields have ${given.join(", ")} nodes, and those of ${config.name} ${wanted.join(", ") || "none"}`,
    );
  }
}
