import { GraderspaceError } from "../../core/errors.ts";
import { holdsText, say, type Text } from "../../core/language/say.ts";
import type { Geometry } from "../../core/values/slice.ts";
import { LIMITS } from "../bytes/limits.ts";
import type { SourceFile } from "../bytes/source-file.ts";
import { cross, dot } from "../geometry/vector.ts";
import { checkFrame, placeLabel, plainStack, type Stack } from "../stack/stack.ts";
import { openDicom } from "./file.ts";
import { readFrameHeader, readPixelLayout } from "./header.ts";
import { openDicomImage, saidOfAll } from "./image.ts";

/** One file of a series: what sorting needs, and where to read the rest. */
export interface SeriesMember {
  readonly file: SourceFile;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly description: string;
  readonly geometry: Geometry | null;
  readonly instanceNumber: number;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** What is odd about its header. */
  readonly notes: readonly Text[];
  /** Of a file of several pictures that is read one by one; missing: the file is read as a whole. */
  readonly pictures?: () => Promise<Stack>;
}

/** A series' header read, its bytes given back. @throws as `openDicom` and `readPixelLayout` */
async function readMember(file: SourceFile): Promise<SeriesMember> {
  const dicom = await openDicom(await file.read(), file.name);
  const { dataset } = dicom;
  const layout = readPixelLayout(dicom);
  const header = readFrameHeader(dataset, 0, layout);
  return {
    file,
    seriesInstanceUid: dataset.text(0x0020000e) ?? "",
    sopInstanceUid: dataset.text(0x00080018) ?? "",
    description: dataset.text(0x0008103e) ?? "",
    geometry: header.geometry,
    notes: [...dicom.notes, ...layout.notes, ...header.notes],
    instanceNumber: dataset.decimal(0x00200013) ?? 0,
    width: layout.width,
    height: layout.height,
    frames: layout.frames,
  };
}

/** Members that belong on one wheel: same series, same size, same direction; the most numerous first. */
function groupSeries(members: readonly SeriesMember[]): SeriesMember[][] {
  const groups = new Map<string, SeriesMember[]>();
  for (const member of members) {
    const { geometry } = member;
    const direction = geometry ? [...geometry.rowDirection, ...geometry.columnDirection].map((c) => c.toFixed(2)) : [];
    // A negative zero is no other direction.
    const key = [member.seriesInstanceUid, member.width, member.height, ...direction.map(Number)].join(" ");
    const alone = member.frames > 1 ? ` ${member.file.name}` : "";
    const group = groups.get(key + alone) ?? [];
    group.push(member);
    groups.set(key + alone, group);
  }
  return [...groups.values()].sort((a, b) => picturesOf(b) - picturesOf(a)).map(sortByPosition);
}

function picturesOf(group: readonly SeriesMember[]): number {
  return group.reduce((sum, { frames }) => sum + frames, 0);
}

/**
 * By the distance along the normal, then by instance number, then by name; a picture sent twice is kept once. A UID does
 * not make two pictures one: some programs give all of a series the same.
 */
function sortByPosition(members: readonly SeriesMember[]): SeriesMember[] {
  const placed = members.every(({ geometry }) => geometry !== null);
  const at = new Map(members.map((member) => [member, placed ? along(member.geometry as Geometry) : 0]));
  const sorted = [...members].sort(
    (a, b) =>
      (at.get(a) as number) - (at.get(b) as number) ||
      a.instanceNumber - b.instanceNumber ||
      a.file.name.localeCompare(b.file.name, "en", { numeric: true }),
  );
  const seen = new Set<string>();
  return sorted.filter((member) => {
    if (member.sopInstanceUid === "") return true;
    const picture = [member.sopInstanceUid, (at.get(member) as number).toFixed(3), member.instanceNumber].join(" ");
    if (seen.has(picture)) return false;
    seen.add(picture);
    return true;
  });
}

/** Position along row × column, in mm. */
function along({ position, rowDirection: r, columnDirection: c }: Geometry): number {
  return dot(position, cross(r, c));
}

/**
 * A folder's DICOM files as one stack: its largest series, sorted by position; each picture is read when shown.
 * @throws the first file's error where none of them holds a picture; TooLarge
 */
export async function openSeries(files: readonly SourceFile[], name: string): Promise<Stack> {
  if (files.length > LIMITS.frames) {
    throw new GraderspaceError("TooLarge", {
      file: name,
      problem: say`it has ${files.length} DICOM files, and up to ${LIMITS.frames} are read`,
      remedy: say`open one series`,
    });
  }
  const members: SeriesMember[] = [];
  const failed: unknown[] = [];
  for (const file of files) {
    try {
      members.push(await readMember(file));
    } catch (error) {
      failed.push(error);
    }
  }
  return stackOfMembers(members, failed, name);
}

/**
 * Members whose headers are read already, of which some could not be.
 * @throws the first of `failed` where there is no member; what reading the only one throws
 */
export async function stackOfMembers(
  members: readonly SeriesMember[],
  failed: readonly unknown[],
  name: string,
): Promise<Stack> {
  const groups = groupSeries(members);
  const [chosen] = groups;
  if (!chosen) throw failed[0];
  const notes = notesOf(name, groups, failed);
  const copies = members.length - groups.reduce((sum, group) => sum + group.length, 0);
  if (copies > 0)
    notes.push(say`${name}: ${copies} of its files hold a picture that is there already, and are left out`);
  const uids = new Set(chosen.map(({ sopInstanceUid }) => sopInstanceUid).filter((uid) => uid !== ""));
  if (uids.size > 0 && chosen.filter(({ sopInstanceUid }) => sopInstanceUid !== "").length > uids.size) {
    notes.push(
      say`${name}: several of its pictures go by one SOP Instance UID, so marks by UID may belong to another one`,
    );
  }
  const [first] = chosen;
  if (chosen.length === 1 && first) {
    const whole = async () => openDicomImage(await first.file.read(), first.file.name);
    const stack = await (first.pictures ?? whole)();
    return { ...stack, notes: [...notes, ...stack.notes] };
  }
  return seriesStack(chosen, name, notes);
}

function notesOf(name: string, groups: readonly SeriesMember[][], failed: readonly unknown[]): Text[] {
  const notes: Text[] = [];
  const [chosen = []] = groups;
  if (groups.length > 1) {
    const title = chosen[0]?.description ? ` ("${chosen[0].description}")` : "";
    notes.push(say`${name}: of ${groups.length} series the largest is shown${title}, ${chosen.length} pictures`);
  }
  const [reason] = failed;
  if (reason instanceof Error) {
    const why = reason instanceof GraderspaceError ? reason.sentence : reason.message;
    if (failed.length === 1) notes.push(say`Left out: ${why}`);
    else notes.push(say`Left out: ${why} and ${failed.length - 1} other files were`);
  }
  const twice = samePlaces(chosen);
  if (twice > 0)
    notes.push(say`${name}: some of its pictures lie at the position of another one (${twice}); all are kept`);
  else if (unevenSteps(chosen))
    notes.push(say`${name}: the distances between its pictures differ; some may be missing`);
  return notes;
}

/** Pairs of neighbours that lie at one position: two pictures of one slice, or two series under one name. */
function samePlaces(members: readonly SeriesMember[]): number {
  if (members.some(({ geometry }) => geometry === null)) return 0;
  const places = members.map(({ geometry }) => along(geometry as Geometry));
  return places.filter((place, i) => i > 0 && place - (places[i - 1] as number) < 1e-3).length;
}

function unevenSteps(members: readonly SeriesMember[]): boolean {
  if (members.length < 3 || members.some(({ geometry }) => geometry === null)) return false;
  const places = members.map(({ geometry }) => along(geometry as Geometry));
  const steps = places.slice(1).map((place, i) => place - (places[i] as number));
  return Math.max(...steps) > 1.5 * Math.min(...steps) + 0.01;
}

function seriesStack(members: readonly SeriesMember[], name: string, notes: readonly Text[]): Stack {
  const common = saidOfAll(members.map((member) => member.notes));
  let last: { frame: number; stack: Promise<Stack> } | null = null;
  const open = (frame: number): Promise<Stack> => {
    checkFrame(frame, members.length, name);
    const { file } = members[frame] as SeriesMember;
    if (last?.frame !== frame) {
      last = { frame, stack: file.read().then((bytes) => openDicomImage(bytes, file.name)) };
      last.stack.catch(() => {
        if (last?.frame === frame) last = null;
      });
    }
    return last.stack;
  };
  const noted = new Map<number, readonly Text[]>();
  return plainStack({
    name,
    format: "dicom",
    frames: members.length,
    notes: [...notes, ...common],
    label: (frame) => placeLabel(frame, members.length, members[frame]?.geometry),
    place: (frame) => {
      const { geometry, sopInstanceUid, seriesInstanceUid } = members[frame] as SeriesMember;
      return {
        geometry,
        sopInstanceUid: sopInstanceUid || null,
        seriesInstanceUid: seriesInstanceUid || null,
        frame: null,
      };
    },
    origin: async (frame) => (await open(frame)).origin(0),
    notesOf: (frame) => noted.get(frame) ?? [],
    slice: async (frame) => {
      const stack = await open(frame);
      const slice = await stack.slice(0).catch((error: unknown) => {
        last = null; // the file is read again the next time
        throw error;
      });
      const said = [...stack.notes, ...(stack.notesOf?.(0) ?? [])];
      noted.set(
        frame,
        said.filter((note) => !holdsText(common, note)),
      );
      return slice;
    },
  });
}
