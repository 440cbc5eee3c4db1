import { weightsHash } from "../core/config/weights-hash.ts";
import { GraderspaceError } from "../core/errors.ts";
import type { ModelFiles } from "../core/network/model.ts";
import { readSession, type Session } from "../io/session/session.ts";
import { readArguments } from "./arguments.ts";
import { readModel } from "./model-folder.ts";
import { openPicture, sliceHash } from "./picture.ts";
import { readBytes } from "./read-bytes.ts";
import { readFormats, sampleExport, writeExport } from "./sampling.ts";

/** `replay SESSION.json --slice FILE [--model NAME|DIR] [--mean] [--formats png,nifti,nrrd,seg] --out DIR|ZIP`: the session's masks again, byte by byte. */
export async function replay(words: readonly string[]): Promise<object> {
  const args = readArguments(words, {
    positionals: ["SESSION.json"],
    options: ["slice", "model", "formats", "out"],
    flags: ["mean"],
  });
  const { name, bytes } = await readBytes(args.positionals[0] as string);
  const session = readSession(bytes, name);
  const out = args.needed("out");
  const formats = readFormats(args.text("formats"));
  const files = await readModel(args.text("model") ?? session.model.name);
  checkModel(files, session, name);
  checkLatent(files, session, name);
  const picture = await openPicture(args.needed("slice"), session.slice.frame);
  if (sliceHash(picture.slice) !== session.slice.sha256) {
    const problem = `its frame ${session.slice.frame} is not the slice that ${name} was made from`;
    const remedy = "give the file that was open when the session was saved";
    throw new GraderspaceError("WrongSession", { file: picture.slice.name, problem, remedy });
  }
  const input = await sampleExport({ ...picture, files, session, mean: args.flag("mean") });
  return writeExport(out, input, formats);
}

function checkModel({ config }: ModelFiles, session: Session, file: string): void {
  if (weightsHash(config) === session.model.sha256) return;
  const problem = `it was made with other weights of ${session.model.name} than the ones here`;
  throw new GraderspaceError("WrongSession", { file, problem, remedy: "give that model's folder with --model" });
}

/** The z of the sliders must have a number for each axis of the model, and a model without z has none. */
function checkLatent({ config }: ModelFiles, session: Session, file: string): void {
  const { z, kind } = session.choice;
  const wrong = (problem: string) =>
    new GraderspaceError("WrongSession", { file, problem, remedy: "open a session.json that Graderspace wrote" });
  if (kind !== config.choice) {
    throw wrong(`its samples were chosen by ${kind}, and those of ${config.name} are chosen by ${config.choice}`);
  }
  const axes = config.choice === "z" ? config.architecture.latent : 0;
  if (z && z.length !== axes) throw wrong(`its z has ${z.length} numbers, and ${config.name} has ${axes} axes`);
}
