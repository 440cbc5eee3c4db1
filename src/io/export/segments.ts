import { colourAt, GRADER_COLOURS, type Rgb, VIRIDIS } from "../../core/colour/colour.ts";
import { emptyMask, type Mask } from "../../core/values/slice.ts";
import type { MaskedSegment, Segment } from "../dicom/seg/seg-write.ts";
import type { Session } from "../session/session.ts";
import { masksInSlice, type SampleExport, sampleNumber, sliceMask } from "./input.ts";

const WHITE: Rgb = [255, 255, 255];

/** What a sample is called, by what it was drawn from. */
const WORDS = { z: "Sample", seed: "Sample", member: "Member", head: "Head", samples: "Sample" } as const;

/** Sample `number` of a system, from 1. */
export function sampleSegment(
  { kind, seed, order }: Pick<Session["choice"], "kind" | "seed" | "order">,
  number: number,
  colour: Rgb,
): Segment {
  const drawn = kind === "z" || kind === "seed" ? ` (seed ${seed}${order ? `, ${order}` : ""})` : "";
  return { label: `${WORDS[kind]} ${String(number).padStart(2, "0")}${drawn}`, algorithm: "AUTOMATIC", colour };
}

/** The colour of sample `index`, from 0, of `count`, where the screen has no other. */
export function sampleColour(index: number, count: number): Rgb {
  return colourAt(VIRIDIS, (index + 0.5) / count);
}

/**
 * Grader `index`, from 0. A name out of somebody's file may be a person's: only our own names leave, and those that were
 * typed in the page for readers there, who have a `colour`.
 */
export function graderSegment(name: string, index: number, colour?: Rgb): Segment {
  const label = colour || /^(Grader \d{1,3}|You)$/.test(name) ? name : `Grader ${index + 1}`;
  return { label, algorithm: "MANUAL", colour: colour ?? (GRADER_COLOURS[name === "You" ? 4 : index % 4] as Rgb) };
}

/** Every mask of an export as a named, coloured segment: samples, prior mean, z by hand, graders. */
export function segmentsOf(input: SampleExport): MaskedSegment[] {
  const samples = masksInSlice(input).map((mask, index): MaskedSegment => {
    const colour = input.sampleColours?.[index] ?? sampleColour(index, input.samples.count);
    return { ...sampleSegment(input.session.choice, sampleNumber(input, index), colour), masks: [mask] };
  });
  const alone = (label: string, map: Float32Array | undefined): MaskedSegment[] =>
    map ? [{ label, algorithm: "AUTOMATIC", colour: WHITE, masks: [sliceMask(input, map)] }] : [];
  return [
    ...samples,
    ...alone("Prior mean", input.priorMean),
    ...alone("z set by hand", input.byHand),
    ...graderSegments(input),
  ];
}

/** Graders as they marked the whole slice; one who drew nothing is an empty segment. */
export function graderSegments({ graders, slice }: SampleExport): MaskedSegment[] {
  return graders.map(({ name, mask, colour }, index) => {
    return { ...graderSegment(name, index, colour), masks: [mask ?? emptyMask(slice.width, slice.height)] };
  });
}

/** What each reader drew in the page, with the name of its file: `reader-1-You`, letters and digits alone. */
export function readersInPage({ graders }: SampleExport): { readonly file: string; readonly mask: Mask }[] {
  return graders
    .flatMap(({ name, mask, colour }) => (colour && mask ? [{ name, mask }] : []))
    .map(({ name, mask }, i) => {
      const plain = name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
      return { file: `reader-${i + 1}${plain && `-${plain}`}`, mask };
    });
}
