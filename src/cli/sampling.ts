import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Choices, chooseSamples } from "../core/choices.ts";
import type { Draw, Samples, Statistics } from "../core/encoding.ts";
import { cropRegion } from "../core/region.ts";
import { areaPx, type Grader, type Slice } from "../core/slice.ts";
import { type SampleExport, sampleMasks } from "../io/export-input.ts";
import type { Session } from "../io/session.ts";
import { writeZip } from "../io/zip-write.ts";
import type { ModelFiles } from "../model/parameters.ts";
import { loadSampler, type Sampler } from "../model/sampler.ts";
import { startWasm } from "./backend.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** What `sample` and `replay` have in common: everything a session says, and the slice it speaks of. */
export interface SampleRun {
  readonly slice: Slice;
  /** In the slice's size. */
  readonly graders: readonly Grader[];
  readonly files: ModelFiles;
  readonly session: Session;
  /** Also the prior mean. */
  readonly mean: boolean;
}

/** Everything the exporters write, from the network on. @throws GraderspaceError */
export async function drawSamples(run: SampleRun): Promise<SampleExport> {
  const { slice, session, files, graders } = run;
  const size = files.config.preprocessing.size;
  const crop = cropRegion(slice, session.region[0], session.region[1], size);
  if (crop.constant) {
    process.stderr.write(
      `${slice.name}: the region at ${session.region.join(", ")} has no contrast; the samples mean nothing\n`,
    );
  }
  const sampler = await loadSampler(files, await startWasm());
  const { prior } = await sampler.prepare(crop.values, size);
  const choices = chooseSamples(sampler, prior, { width: size, height: size }, session.choice);
  const { samples, statistics } = await sampler.draw(choices, { samples: true, statistics: true });
  const { z } = session.choice;
  const input: SampleExport = {
    slice,
    origin: crop.origin,
    samples: samples as Samples,
    statistics: statistics as Statistics,
    draws: choices.kind === "z" ? choices.draws : [],
    prior,
    fieldSpacings: sampler.head?.fieldSpacings ?? [],
    ...(run.mean && prior && { priorMean: await probabilityOf(sampler, { z: prior.mean }) }),
    ...(z && { byHand: await probabilityOf(sampler, byHand(z, choices)) }),
    graders,
    session,
  };
  sampler.dispose();
  return input;
}

/** The z of the sliders, under the fields of the first draw: they are drawn by the seed, not by the hand. */
function byHand(z: readonly number[], choices: Choices): Draw {
  const fields = choices.kind === "z" ? choices.draws[0]?.fields : undefined;
  return { z: Float32Array.from(z), ...(fields && { fields }) };
}

/** P(lesion) of one draw, [H, W]. */
async function probabilityOf(sampler: Sampler, draw: Draw): Promise<Float32Array> {
  const { samples } = await sampler.draw({ kind: "z", draws: [draw] }, { samples: true });
  return (samples as Samples).probabilities;
}

/** Into a folder, made where it is missing, or into one zip. */
export async function writeFiles(out: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  if (out.endsWith(".zip")) {
    await writeFile(out, writeZip(files));
    return;
  }
  await mkdir(out, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(out, name), bytes);
}

/** What `sample` and `replay` print. */
export function summaryOf(input: SampleExport, written: Readonly<Record<string, Uint8Array>>): object {
  const areas = sampleMasks(input)
    .map(areaPx)
    .sort((a, b) => a - b);
  const { model, choice, threshold } = input.session;
  return {
    model: model.name,
    origin: input.origin,
    count: choice.count,
    seed: choice.seed,
    threshold,
    area_px: { low: areas[0], median: areas[areas.length >> 1], high: areas.at(-1) },
    empty: areas.filter((area) => area === 0).length,
    files: Object.keys(written),
  };
}

/** Version of the program and the commit it was checked out at, for the session. */
export async function appVersion(): Promise<{ version: string; commit: string }> {
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
  try {
    const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
    return { version, commit: commit.toString().trim() };
  } catch {
    return { version, commit: "unknown" }; // a download without its history
  }
}
