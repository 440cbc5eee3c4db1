import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { concat } from "../bytes/concat.ts";
import { openDicom, SYNTAX } from "../dicom/file.ts";
import { readFrameHeader, readPixelLayout } from "../dicom/header.ts";
import { openDicomImage } from "../dicom/image.ts";
import { IMPLEMENTATION } from "../dicom/uid.ts";
import { item, writeDicomFile } from "../dicom/write.ts";
import { placeLabel, plainStack, type Stack } from "../stack/stack.ts";
import type { Archive, InstanceAddress } from "./archive.ts";
import type { JsonDataset } from "./dicom-json.ts";
import { itemOfJson } from "./json-rows.ts";
import type { Asked } from "./transport.ts";

/** An instance of several pictures of which each is asked for alone. */
export interface FrameStack {
  readonly stack: Stack;
  /** Fetches picture `frame`, so that reading it asks for nothing more. @throws as `ArchiveWire.ask` */
  bring(frame: number, asked: Asked): Promise<Uint8Array>;
}

const FRAMES = 0x00280008;
const PER_FRAME = 0x52009230;
const PIXELS = 0x7fe00010;
const JPEG_FAMILY = "1.2.840.10008.1.2.4.";
/** Where an archive gives no single frames: it does not know the address, or will not. */
const NO_FRAMES: readonly string[] = ["ArchiveNotFound", "ArchiveAnswer", "UnsupportedPixels"];

/**
 * An instance as a stack out of its metadata; bulk data that these refer to is fetched first. Each picture comes as a frame
 * of its own (WADO-RS, /frames); from an archive that gives none the whole instance comes, once.
 * @throws as `readPixelLayout` and `ArchiveWire.ask`
 */
export async function frameStack(
  archive: Archive,
  address: InstanceAddress,
  json: JsonDataset,
  name: string,
): Promise<FrameStack> {
  const bulk = new Map<string, Uint8Array>();
  await Promise.all(
    json.bulkAddresses().map(async (uri) => {
      const bytes = await archive.bulk(uri);
      if (bytes) bulk.set(uri, bytes);
    }),
  );
  const header = itemOfJson(json, bulk);
  const bits = json.number(0x00280100) ?? 16;
  const withPixels = (frames: number, parts: typeof header, pixels: Uint8Array, syntax: string) =>
    writeDicomFile(
      new Map([...parts, ...item([FRAMES, "IS", String(frames)], [PIXELS, bits > 8 ? "OW" : "OB", pixels])]),
      IMPLEMENTATION,
      syntax,
    );
  const count = json.number(FRAMES) ?? 1;
  const file = await openDicom(withPixels(count, header, new Uint8Array(2), SYNTAX.explicitLittle), name);
  const layout = readPixelLayout(file);
  const headers = Array.from({ length: layout.frames }, (_, frame) => readFrameHeader(file.dataset, frame, layout));

  /** A file of one frame: its own functional groups, and its bytes. */
  const fileOf = (frame: number) => (bytes: Uint8Array, syntax: string) => {
    const own = header.get(PER_FRAME)?.value as (typeof header)[] | undefined;
    const parts = new Map(header);
    const groups = own?.[frame];
    if (groups) parts.set(PER_FRAME, { vr: "SQ", value: [groups] });
    return withPixels(1, parts, encapsulated(bytes, syntax, name), syntax);
  };
  let whole: Promise<Stack> | null = null;
  const wholeInstance = (asked: Asked): Promise<Stack> => {
    whole ??= archive.instance(address, asked).then((bytes) => openDicomImage(bytes, name));
    whole.catch(() => {
      whole = null; // asked for again
    });
    return whole;
  };
  /** The frame's file; null: it comes with the whole instance. */
  const alone = async (frame: number, asked: Asked): Promise<Uint8Array | null> => {
    if (whole) return null;
    try {
      return await archive.frame(address, frame, fileOf(frame), asked);
    } catch (error) {
      if (error instanceof GraderspaceError && NO_FRAMES.includes(error.tag)) return null;
      throw error;
    }
  };
  const stack = plainStack({
    name,
    format: "dicom",
    frames: layout.frames,
    notes: [...file.notes, ...layout.notes],
    label: (frame) => placeLabel(frame, layout.frames, headers[frame]?.geometry),
    place: (frame) => ({
      geometry: headers[frame]?.geometry ?? null,
      sopInstanceUid: address.sop,
      seriesInstanceUid: address.series,
      frame,
    }),
    origin: async (frame) => ({ kind: "dicom", dataset: file.dataset, frame, frames: layout.frames }),
    slice: async (frame) => {
      const bytes = await alone(frame, { urgent: true });
      if (!bytes) return (await wholeInstance({ urgent: true })).slice(frame);
      const slice = await (await openDicomImage(bytes, name)).slice(0);
      return { ...slice, geometry: headers[frame]?.geometry ?? null };
    },
  });
  const bring = async (frame: number, asked: Asked): Promise<Uint8Array> => {
    const bytes = await alone(frame, asked);
    if (bytes) return bytes;
    await wholeInstance(asked);
    return new Uint8Array(0);
  };
  return { stack, bring };
}

/** A compressed frame as one fragment after an empty offset table (PS3.5 A.4). @throws UnsupportedPixels */
function encapsulated(bytes: Uint8Array, syntax: string, file: string): Uint8Array {
  if (syntax === SYNTAX.explicitLittle) return bytes;
  if (syntax !== SYNTAX.rle && !syntax.startsWith(JPEG_FAMILY)) {
    const problem = say`the archive sent a frame in transfer syntax ${syntax}, which is not read frame by frame`;
    throw new GraderspaceError("UnsupportedPixels", { file, problem, remedy: say`open the whole series` });
  }
  const head = new DataView(new ArrayBuffer(16));
  for (const at of [0, 8]) head.setUint32(at, 0xe000fffe, true);
  head.setUint32(12, bytes.length, true);
  return concat(Uint8Array, [new Uint8Array(head.buffer), bytes]);
}
