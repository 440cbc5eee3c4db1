import { holdsText, say, type Text } from "../../core/language/say.ts";
import type { Slice } from "../../core/values/slice.ts";
import { oddNumbers } from "../bytes/numbers.ts";
import { checkFrame, placeLabel, plainStack, type Stack } from "../stack/stack.ts";
import { type DicomFile, openDicom } from "./file.ts";
import { type FrameHeader, type PixelLayout, readFrameHeader, readPixelLayout } from "./header.ts";
import { frameSource, toValues, truncated } from "./pixels.ts";

/** One DICOM file as a stack of its frames. @throws as `openDicom`, `readPixelLayout` and `frameSource` */
export async function openDicomImage(bytes: Uint8Array, name: string): Promise<Stack> {
  return dicomStack(await openDicom(bytes, name));
}

/** A file whose header is read already. */
export function dicomStack(file: DicomFile): Stack {
  const layout = readPixelLayout(file);
  const source = frameSource(file, layout);
  const { frames, width, height } = layout;
  if (source.available === 0) throw truncated(file.name, say`it ends before its first pixel`);
  const notes = [...file.notes, ...layout.notes, ...source.notes];
  if (source.available < frames) {
    notes.push(say`${file.name}: only ${source.available} of its ${frames} frames are there`);
  }
  const headers = new Map<number, FrameHeader>();
  const headerOf = (frame: number): FrameHeader => {
    const header = headers.get(frame) ?? readFrameHeader(file.dataset, frame, layout);
    headers.set(frame, header);
    return header;
  };
  const all = Array.from({ length: frames > 1 ? frames : 0 }, (_, k) => headerOf(k));
  const common = saidOfAll(all.map((header) => header.notes));
  notes.push(...common);
  const again = all.length - new Set(all.map(placeOf)).size;
  if (again > 0) notes.push(say`${file.name}: some of its frames lie at the position of another one (${again})`);
  const found = new Map<number, readonly Text[]>();
  return plainStack({
    name: file.name,
    format: "dicom",
    frames,
    notes,
    label: (frame) => placeLabel(frame, frames, headerOf(frame).geometry),
    place: (frame) => ({
      geometry: headerOf(frame).geometry,
      sopInstanceUid: file.dataset.text(0x00080018),
      seriesInstanceUid: file.dataset.text(0x0020000e),
      frame: frames > 1 ? frame : null,
    }),
    origin: async (frame) => ({ kind: "dicom", dataset: file.dataset, frame, frames }),
    notesOf: (frame) => [
      ...headerOf(frame).notes.filter((note) => !holdsText(common, note)),
      ...(found.get(frame) ?? []),
    ],
    slice: async (frame) => {
      checkFrame(frame, frames, file.name);
      if (frame >= source.available) {
        throw truncated(
          file.name,
          say`it ends after ${source.available} of its ${frames} frames, before frame ${frame}`,
        );
      }
      const raw = await source.read(frame);
      const missing = width * height - raw.complete;
      const cutOff = cutShort(file.name, raw.complete, width, height);
      const pixels = toValues(raw, layout, headerOf(frame));
      const type = raw.bitsAllocated === 32 && !layout.float ? "i4" : "f4";
      const odd = oddNumbers(pixels.values, type, file.name, pixels.padding);
      found.set(frame, missing > 0 ? [cutOff, ...odd] : odd);
      return sliceOf(file, layout, headerOf(frame), pixels);
    },
  });
}

/** Sentences that hold of every picture: they are said once of all. */
export function saidOfAll(notes: readonly (readonly Text[])[]): Text[] {
  const [first = [], ...others] = notes;
  return first.filter((note) => others.every((other) => holdsText(other, note)));
}

/** A key of where a frame lies; one that says no place is alone at it. */
function placeOf({ geometry }: FrameHeader, frame: number): string {
  if (!geometry) return `frame ${frame}`;
  const { position, rowDirection, columnDirection } = geometry;
  return [...position, ...rowDirection, ...columnDirection].map((part) => Math.round(1000 * part)).join(" ");
}

/**
 * Opened all the same where every row has begun: less than one row is missing.
 * @throws TruncatedFile
 */
function cutShort(name: string, complete: number, width: number, height: number): string {
  const rows = Math.floor(complete / width);
  if (complete <= width * (height - 1)) {
    throw truncated(name, say`its pixel data ends after ${rows} of ${height} rows`);
  }
  return `${name}: its pixel data is cut short; the last ${width * height - complete} pixels are shown as 0`;
}

function sliceOf(
  file: DicomFile,
  layout: PixelLayout,
  header: FrameHeader,
  pixels: { values: Float32Array; padding: Uint8Array | null },
): Slice {
  return {
    width: layout.width,
    height: layout.height,
    values: pixels.values,
    unit: header.unit,
    spacingMm: header.spacingMm,
    geometry: header.geometry,
    padding: pixels.padding,
    modality: header.modality,
    name: file.name,
    ...(layout.inverted ? { inverted: true } : {}),
  };
}
