import type { MaskedSegment } from "../../dicom/seg/seg-write.ts";
import { graderSegment, sampleColour, sampleSegment } from "../segments.ts";
import type { LesionExport } from "./lesion-input.ts";

/** Every reader's part of a lesion as a named, coloured segment, a mask of the region per slice: samples, then graders. */
export function lesionSegments({ followed, session, sampleColours, readerColours }: LesionExport): MaskedSegment[] {
  const { grown, graderNames } = followed;
  const samples = grown.samples.map((masks, n): MaskedSegment => {
    const colour = sampleColours?.[n] ?? sampleColour(n, grown.samples.length);
    return { ...sampleSegment(session.choice, n + 1, colour), masks };
  });
  const graders = grown.graders.map((masks, g) => {
    const name = graderNames[g] ?? "";
    return { ...graderSegment(name, g, readerColours?.get(name)), masks };
  });
  return [...samples, ...graders];
}
