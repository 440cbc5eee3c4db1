import { colourAt, GRADER_COLOURS, type Rgb, VIRIDIS } from "../../core/colour/colour.ts";
import { emptyMask, type Grader, type Mask } from "../../core/values/slice.ts";
import type { Segment } from "../dicom/seg/seg-write.ts";
import { masksInSlice, type SampleExport, sampleNumber, sliceMask } from "./input.ts";

interface MaskedSegment extends Segment {
  readonly mask: Mask;
}

const WHITE: Rgb = [255, 255, 255];

/** What a sample is called, by what it was drawn from. */
const WORDS = { z: "Sample", seed: "Sample", member: "Member", head: "Head" } as const;

/** Every mask of an export as a named, coloured segment: samples, prior mean, z by hand, graders. */
export function segmentsOf(input: SampleExport): MaskedSegment[] {
  const { kind, seed } = input.session.choice;
  const drawn = kind === "z" || kind === "seed" ? ` (seed ${seed})` : "";
  const samples = masksInSlice(input).map((mask, index): MaskedSegment => {
    const label = `${WORDS[kind]} ${String(sampleNumber(input, index)).padStart(2, "0")}${drawn}`;
    const share = (index + 0.5) / input.samples.count;
    const colour = input.sampleColours?.[index] ?? colourAt(VIRIDIS, share);
    return { label, algorithm: "AUTOMATIC", colour, mask };
  });
  const alone = (label: string, map: Float32Array | undefined): MaskedSegment[] =>
    map ? [{ label, algorithm: "AUTOMATIC", colour: WHITE, mask: sliceMask(input, map) }] : [];
  return [
    ...samples,
    ...alone("Prior mean", input.priorMean),
    ...alone("z set by hand", input.byHand),
    ...graderSegments(input),
  ];
}

/** Graders as they marked the whole slice; one who drew nothing is an empty segment. */
export function graderSegments({ graders, slice }: SampleExport): MaskedSegment[] {
  return graders.map((grader, index) => ({
    label: nameOf(grader, index),
    algorithm: "MANUAL",
    colour: GRADER_COLOURS[grader.name === "You" ? 4 : index % 4] as Rgb,
    mask: grader.mask ?? emptyMask(slice.width, slice.height),
  }));
}

/** A name out of somebody's file may be a person's: only our own names leave. */
function nameOf({ name }: Grader, index: number): string {
  return /^(Grader \d{1,3}|You)$/.test(name) ? name : `Grader ${index + 1}`;
}
