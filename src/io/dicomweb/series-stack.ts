import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { LIMITS } from "../bytes/limits.ts";
import type { SourceFile } from "../bytes/source-file.ts";
import { geometryOf } from "../dicom/header.ts";
import { type SeriesMember, stackOfMembers } from "../dicom/series.ts";
import type { Stack } from "../stack/stack.ts";
import type { Archive, InstanceAddress } from "./archive.ts";
import type { JsonDataset } from "./dicom-json.ts";
import { type FrameStack, frameStack } from "./frame-stack.ts";
import type { Asked } from "./transport.ts";

/** A series of an archive: the places of all its pictures are known, and none of them is here yet. */
export interface ArchiveSeries {
  readonly stack: Stack;
  readonly frameOfReference: string | null;
  /**
   * Fetches what picture `frame` of the stack is read from, so that reading it asks for nothing more; null where that has
   * no name. @throws as `ArchiveWire.ask`
   */
  bring(frame: number, asked: Asked): Promise<Uint8Array> | null;
}

/**
 * A series as a stack out of its metadata. Each picture is asked for when it is shown, before all that waits.
 * @throws NotAnImage where no instance holds a picture; TooLarge; as `ArchiveWire.ask`
 */
export async function openArchiveSeries(
  archive: Archive,
  { study, series }: Omit<InstanceAddress, "sop">,
  asked: Asked = {},
): Promise<ArchiveSeries> {
  const metadata = await archive.metadata({ study, series }, asked);
  const title = metadata[0]?.text(0x0008103e) ?? metadata[0]?.text(0x00080060) ?? "series";
  const pictures = metadata.filter((one) => (one.number(0x00280010) ?? 0) > 0 && (one.number(0x00280011) ?? 0) > 0);
  if (pictures.length === 0) {
    const problem = metadata.length === 0 ? say`the archive has no instance of it` : say`it holds no picture`;
    throw new GraderspaceError("NotAnImage", { file: title, problem, remedy: say`choose a CT or MR series` });
  }
  if (pictures.length > LIMITS.frames) {
    const problem = say`it has ${pictures.length} instances, and up to ${LIMITS.frames} are read`;
    throw new GraderspaceError("TooLarge", { file: title, problem, remedy: say`choose another series` });
  }
  const file = (sop: string, number: number): SourceFile => ({
    name: `${title}/${number}.dcm`,
    size: 0,
    read: () => archive.instance({ study, series, sop }, { urgent: true }),
  });
  const several = new Map<string, FrameStack>();
  const members = pictures.map((one, i): SeriesMember => {
    const member = memberOf(one, i, file);
    if (member.frames === 1) return member;
    return {
      ...member,
      pictures: async () => {
        const { sopInstanceUid: sop } = member;
        const opened = await frameStack(archive, { study, series, sop }, one, title);
        several.set(sop, opened);
        return opened.stack;
      },
    };
  });
  const plain = await stackOfMembers(members, [], title);
  const stack: Stack = {
    ...plain,
    slice: (frame) =>
      plain.slice(frame).catch((error: unknown) => {
        const { sopInstanceUid: sop, frame: inFile } = plain.place(frame);
        if (sop !== null) archive.forget({ sop }, inFile);
        throw error;
      }),
  };
  return {
    stack,
    frameOfReference: pictures[0]?.text(0x00200052) ?? null,
    bring(frame, wanted) {
      const { sopInstanceUid: sop, frame: inFile } = stack.place(frame);
      if (sop === null) return null;
      if (inFile === null) return archive.instance({ study, series, sop }, wanted);
      return several.get(sop)?.bring(inFile, wanted) ?? null;
    },
  };
}

function memberOf(one: JsonDataset, index: number, file: (sop: string, number: number) => SourceFile): SeriesMember {
  const sop = one.text(0x00080018) ?? "";
  const number = one.number(0x00200013) ?? index + 1;
  return {
    file: file(sop, number),
    seriesInstanceUid: one.text(0x0020000e) ?? "",
    sopInstanceUid: sop,
    description: one.text(0x0008103e) ?? "",
    geometry: geometryOf(one.numbers(0x00200032), one.numbers(0x00200037), one.number(0x00180050)),
    instanceNumber: number,
    width: one.number(0x00280011) ?? 0,
    height: one.number(0x00280010) ?? 0,
    frames: one.number(0x00280008) ?? 1,
    notes: [],
  };
}
