import { shareOfMasks } from "../../../core/consensus/consensus.ts";
import type { Samples } from "../../../core/network/encoding.ts";
import { isoLines, outlineOf } from "../../../core/values/contour.ts";
import type { Mask } from "../../../core/values/slice.ts";
import type { ViewIntent } from "../../../state/app/intent.ts";
import type { RegionGrader } from "../../../state/explore/masks.ts";
import { slotColour, slotDash } from "../../app/colours.ts";
import { sampleLines } from "../samples/sample-lines.ts";

/** Lines over the region in pixel coordinates, and how they are drawn. */
export interface Stroke {
  readonly loops: readonly Float32Array[];
  readonly colour: string;
  readonly width: number;
  readonly dash?: readonly number[];
  readonly halo?: boolean;
  readonly opacity?: number;
}

const TENTHS = [0.1, 0.5, 0.9] as const;

/** The samples' outlines at once ("spaghetti"): those at `places` of all draws. */
export function spaghetti(draws: Samples, places: readonly number[], threshold: number): Stroke {
  const loops = places.flatMap((place) => sampleLines(draws, place, threshold));
  return { loops, colour: "#9fd4ff", width: 1, opacity: places.length > 40 ? 0.4 : 0.65 };
}

/** Where 10, 50 and 90 % of the samples mark the pixel. */
export function quantiles(masks: readonly Mask[]): Stroke[] {
  const first = masks[0];
  if (!first) return [];
  const share = shareOfMasks(masks);
  return TENTHS.map((level, i) => ({
    loops: isoLines(share, first.width, first.height, level),
    colour: "#ff9d6e",
    width: 1.6,
    halo: true,
    ...(i === 1 ? {} : { dash: i === 0 ? [1.5, 3] : [5, 3] }),
  }));
}

/** Everybody's outlines; a nodule under 3 mm, which has none, is a cross. */
export function graderStrokes(graders: readonly RegionGrader[]): Stroke[] {
  return graders
    .map(({ mask, points, slot }) => ({
      loops: [...outlineOf(mask), ...points.flatMap(crossAt)],
      colour: slotColour(slot),
      dash: slotDash(slot),
      width: 1.25,
      halo: true,
    }))
    .filter(({ loops }) => loops.length > 0);
}

/** Half of a cross's arms, in pixels: as far as a nodule under 3 mm reaches at .7 mm a pixel. */
const ARM = 2;

function crossAt([x, y]: readonly [number, number]): Float32Array[] {
  return [Float32Array.of(x - ARM, y, x + ARM, y), Float32Array.of(x, y - ARM, x, y + ARM)];
}

/** Loop by loop: a path of thousands of loops costs a browser a hundred times as much as the loops one after another. */
export function strokeAll(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  trace: (loops: readonly Float32Array[]) => void,
): void {
  const each = (loops: Stroke["loops"]) => {
    for (const loop of loops) {
      trace([loop]);
      context.stroke();
    }
  };
  context.save();
  context.lineJoin = "round";
  for (const { loops, colour, width, dash, halo, opacity } of strokes) {
    context.setLineDash([]);
    context.globalAlpha = 1;
    if (halo) {
      context.strokeStyle = "rgb(0 0 0 / 50%)";
      context.lineWidth = width + 1.5;
      each(loops);
    }
    context.globalAlpha = opacity ?? 1;
    context.setLineDash(dash ? [...dash] : []);
    context.strokeStyle = colour;
    context.lineWidth = width;
    each(loops);
  }
  context.restore();
}

/** How strongly the chosen sample and the grader it is blended with are filled. */
export function blendShares(
  blend: ViewIntent["blend"],
  fill: boolean,
): { readonly sample: number; readonly grader: number } {
  if (blend) return { sample: 0.6 * (1 - blend.share), grader: 0.6 * blend.share };
  return { sample: fill ? 0.35 : 0, grader: 0 };
}
