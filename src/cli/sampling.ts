import { execFileSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { GraderspaceError } from "../core/errors.ts";
import { inEnglish } from "../core/language/say.ts";
import { representatives } from "../core/measures/representative.ts";
import type { Draw, Samples, Statistics } from "../core/network/encoding.ts";
import type { Model, ModelFiles, Prepared } from "../core/network/model.ts";
import { type Choices, chooseSamples } from "../core/random/choices.ts";
import { klDivergence } from "../core/random/gaussian.ts";
import { cutGrader } from "../core/values/mask-placement.ts";
import { cropRegion } from "../core/values/region.ts";
import { areaPx, type Grader } from "../core/values/slice.ts";
import { masksOf } from "../core/values/threshold.ts";
import { writeZip } from "../io/bytes/zip-write.ts";
import { EXPORT_FORMATS, type ExportFormat, exportFiles, exportNotes } from "../io/export/export.ts";
import { type ExportedGrader, masksInSlice, type SampleExport } from "../io/export/input.ts";
import { newExport } from "../io/export/new-export.ts";
import { gridFromText } from "../io/session/grid-text.ts";
import type { Session } from "../io/session/session.ts";
import { openModel } from "./backend.ts";
import type { ReadPicture } from "./picture.ts";
import { unwritable, writeBytes } from "./read-bytes.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** What `sample` and `replay` have in common: everything a session says, and the slice it speaks of. */
export interface SampleRun extends ReadPicture {
  readonly files: ModelFiles;
  readonly session: Session;
  /** Also the prior mean. */
  readonly mean: boolean;
}

/** Everything the exporters write, from the network on. @throws GraderspaceError */
export async function sampleExport(run: SampleRun): Promise<SampleExport> {
  const { slice, session, files } = run;
  const size = files.config.preprocessing.size;
  const crop = cropRegion(slice, session.region[0], session.region[1], size);
  if (crop.constant) {
    process.stderr.write(
      `${slice.name}: the region at ${session.region.join(", ")} has no contrast; the samples mean nothing\n`,
    );
  }
  const model = await openModel(files);
  const prepared = await model.prepare(crop);
  const { prior } = prepared;
  const choices = chooseSamples(
    model,
    prior,
    { width: size, height: size },
    {
      ...session.choice,
      count: session.choice.representative?.of ?? session.choice.count,
      row: session.choice.draw ?? 0,
    },
  );
  const { samples, statistics } = await model.draw(prepared, choices, { samples: true, statistics: true });
  const { chosen, session: said } = representing(session, samples as Samples);
  const { z } = session.choice;
  const input = newExport({
    slice,
    prepared,
    head: model.head,
    drawn: {
      draws: choices.kind === "z" ? choices.draws : [],
      samples: samples as Samples,
      statistics: statistics as Statistics,
    },
    chosen,
    priorMean: run.mean && prior ? await probabilityOf(model, prepared, { z: prior.mean }) : null,
    byHand: z ? await probabilityOf(model, prepared, byHand({ ...session.choice, z }, choices)) : null,
    graders: await placed(model, prepared, run.graders),
    session: said,
    source: run.origin,
    simulated: run.simulated,
  });
  model.dispose();
  return input;
}

/** How surprising each grader is to the prior; not who set a point only, and nobody where the model has no posterior. */
async function placed(model: Model, prepared: Prepared, graders: readonly Grader[]): Promise<ExportedGrader[]> {
  const { crop, prior } = prepared;
  const cut = graders.map((grader) => cutGrader(grader, crop.origin, crop.size));
  const outlines = cut.filter(({ small }) => !small).map(({ mask }) => mask);
  const found = prior && outlines.length > 0 ? await model.posteriors?.(prepared, outlines) : undefined;
  const posteriors = found?.values();
  return graders.map((grader, index): ExportedGrader => {
    const posterior = cut[index]?.small ? undefined : posteriors?.next().value;
    if (!posterior || !prior) return grader;
    return {
      ...grader,
      surprise: { z: klDivergence(posterior, prior).total, fields: posterior.fields?.nats ?? null },
    };
  });
}

/** Which of the draws leave, and the session that says for what share of all each stands. */
function representing(session: Session, samples: Samples): { chosen: readonly number[] | null; session: Session } {
  const { choice, threshold } = session;
  if (!choice.representative) return { chosen: null, session };
  const { places, weights } = representatives(masksOf(samples, threshold), choice.count);
  return {
    chosen: places,
    session: { ...session, choice: { ...choice, representative: { of: samples.count, weights } } },
  };
}

/** "png,nifti" → formats; PNG alone where nothing is asked for. @throws GraderspaceError BadArgument */
export function readFormats(word: string | undefined): ExportFormat[] {
  const known: readonly string[] = EXPORT_FORMATS;
  const names = (word ?? "png").split(",").map((name) => name.trim());
  const strange = names.find((name) => !known.includes(name));
  if (strange === undefined) return names as ExportFormat[];
  const remedy = `give some of ${known.join(",")}`;
  throw new GraderspaceError("BadArgument", { problem: `--formats holds "${strange}"`, remedy });
}

/** The z of the sliders, under its own fields; in sessions that have none (older ones) under those of the first draw. */
function byHand(
  {
    z,
    u = Number.POSITIVE_INFINITY,
    shift,
    fields: texts,
    fieldStrength: strength = 1,
  }: Pick<Session["choice"], "u" | "shift" | "fields" | "fieldStrength"> & { readonly z: readonly number[] },
  choices: Choices,
): Draw {
  const first = choices.kind === "z" ? choices.draws[0]?.fields : undefined;
  const own = texts?.map((text) => (gridFromText(text) as Float32Array).map((value) => value * strength));
  const fields = own === undefined ? first : own.length > 0 ? own : undefined;
  return { z: Float32Array.from(z), u, ...(fields && { fields }), ...(shift && { shift }) };
}

/** P(lesion) of one draw, [H, W]. */
async function probabilityOf(model: Model, prepared: Prepared, draw: Draw): Promise<Float32Array> {
  const { samples } = await model.draw(prepared, { kind: "z", draws: [draw] }, { samples: true });
  return (samples as Samples).probabilities;
}

/** Writes an export; gives what is printed. */
export async function writeExport(out: string, input: SampleExport, formats: readonly ExportFormat[]): Promise<object> {
  const files = exportFiles(input, formats);
  for (const note of exportNotes(input, formats)) process.stderr.write(`${inEnglish(note)}\n`);
  await writeFiles(out, files);
  return summaryOf(input, Object.keys(files));
}

/** Into a folder, made where it is missing, or into one zip. @throws GraderspaceError BadArgument */
export async function writeFiles(out: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  if (out.endsWith(".zip")) await writeBytes(out, writeZip(files));
  else for (const [name, bytes] of Object.entries(files)) await writeInto(out, name, bytes);
}

async function writeInto(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(path, error);
  });
  await writeBytes(path, bytes);
}

/** What `sample` and `replay` print. */
function summaryOf(input: SampleExport, files: readonly string[]): object {
  const areas = masksInSlice(input)
    .map(areaPx)
    .sort((a, b) => a - b);
  const { model, choice, threshold } = input.session;
  return {
    model: model.name,
    origin: input.origin,
    count: choice.count,
    seed: choice.seed,
    ...(choice.order && { order: choice.order }),
    threshold,
    area_px: { low: areas[0], median: areas[areas.length >> 1], high: areas.at(-1) },
    empty: areas.filter((area) => area === 0).length,
    files,
  };
}

/** Version of the program and the commit it was checked out at, for the session. */
export async function appVersion(): Promise<{ version: string; commit: string }> {
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
  const packed = process.env.GRADERSPACE_COMMIT; // put there when the npm package is bundled
  if (packed) return { version, commit: packed };
  try {
    const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
    return { version, commit: commit.toString().trim() };
  } catch {
    return { version, commit: "unknown" }; // a download without its history
  }
}
