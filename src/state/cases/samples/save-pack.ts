import { GraderspaceError } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import type { GivenSamples } from "../../../core/samples/sample-set.ts";
import type { Grader } from "../../../core/values/slice.ts";
import type { OpenedCase } from "../../../io/pack/pack.ts";
import { frameKeyOf } from "../../app/identity.ts";
import type { Case, Frame, State } from "../../app/shape.ts";
import type { Library } from "../library.ts";
import { regionCentre } from "../on-screen.ts";

/** A pack out of what is open, and what was left out of it. */
interface SavedPack {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly notes: readonly Text[];
}

/** Slices of the person's own files that are open, cases of packs left out: those would go into the pack. */
export function slicesToSave(state: State): readonly { readonly found: Case; readonly frame: Frame }[] {
  return [...state.cases.values()].flatMap((found) => {
    if (!found.own || found.pack !== null) return [];
    return [...state.frames.values()]
      .filter((frame) => frame.caseId === found.id && isSaved(state, found, frame))
      .sort((a, b) => a.index - b.index)
      .map((frame) => ({ found, frame }));
  });
}

/** Of a stack those that somebody marked, and the one on the screen. */
function isSaved({ intent, drawings }: State, found: Case, { index, graders }: Frame): boolean {
  if (found.frames === 1 || (intent.caseId === found.id && intent.frame === index)) return true;
  const key = frameKeyOf(found.id, index);
  return graders.some(({ mask }) => mask !== null) || [...drawings.values()].some((drawn) => drawn.has(key));
}

/**
 * The open slices with their graders, readers in the page, boxes and given samples as a case pack. No file name, no
 * patient: cases are numbered. @throws BadArgument where no slice of the person's own is open; what reading samples throws
 */
export async function saveAsPack(state: State, library: Pick<Library, "samples">): Promise<SavedPack> {
  const slices = slicesToSave(state);
  if (slices.length === 0) {
    const problem = "there is no slice of your own to put into a pack";
    throw new GraderspaceError("BadArgument", { problem, remedy: say`open one first` });
  }
  const notes: Text[] = [];
  const cases: OpenedCase[] = [];
  for (const [k, { found, frame }] of slices.entries()) {
    const shown = state.intent.caseId === found.id ? regionCentre(state) : null;
    const samples = await samplesOf(state, library, frame);
    cases.push({
      id: `slice-${k + 1}`,
      title: `Slice ${k + 1}`,
      simulated: found.simulated,
      slice: frame.slice,
      region: shown ?? found.region,
      graders: [...frame.graders.map(named), ...drawnInPage(state, frame)],
      draw: found.draw,
      ...(Object.keys(samples).length > 0 && { samples }),
    });
    if (frame.graders.length === 0) notes.push(say`Slice ${k + 1} has no graders yet`);
  }
  const [{ writePack }, { writeZip }] = await Promise.all([
    import("../../../io/pack/pack-write.ts"),
    import("../../../io/bytes/zip-write.ts"),
  ]);
  const title = `${cases.length} ${cases.length === 1 ? "slice" : "slices"} saved from the page`;
  return { name: "pack.zip", bytes: writeZip(writePack(title, "", cases)), notes };
}

/** A name out of somebody's file may be a person's: graders of files are numbered. */
function named(grader: Grader, index: number): Grader {
  return { ...grader, name: `Grader ${index + 1}` };
}

/** Readers in the page go by the names that were typed there. */
function drawnInPage({ readers, drawings }: State, { caseId, index }: Frame): Grader[] {
  return readers.flatMap(({ id, name }) => {
    const mask = drawings.get(id)?.get(frameKeyOf(caseId, index));
    return mask ? [{ name, mask }] : [];
  });
}

/** Of every method that has samples of the whole slice. */
async function samplesOf(
  { models }: State,
  library: Pick<Library, "samples">,
  { caseId, index }: Frame,
): Promise<Record<string, GivenSamples>> {
  const found: Record<string, GivenSamples> = {};
  for (const { name } of models) {
    const given = await library.samples(name)?.read(frameKeyOf(caseId, index));
    if (given && given.origin === undefined) found[name] = given;
  }
  return found;
}
