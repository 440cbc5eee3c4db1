import { REGION } from "../../../core/values/region.ts";
import { pixelAspect } from "../../../core/values/slice.ts";
import { placed, wholeLook } from "../../../core/values/viewport.ts";
import type { State } from "../../../state/app/shape.ts";
import { said } from "../../../state/app/speech.ts";
import { frameOnScreen } from "../../../state/cases/on-screen.ts";
import { LAYER_STYLES, layerRange } from "../../../state/explore/layers.ts";
import { regionGraders } from "../../../state/explore/masks.ts";
import { currentName } from "../../../state/explore/shown.ts";
import { slotColour } from "../../app/colours.ts";
import { tracePath } from "../../canvas/bitmap.ts";
import { gradient } from "../../canvas/colour-bar.ts";
import { paintScaleBar, scaleBar } from "../slice/scale-bar.ts";
import { strokeAll } from "./region-layers.ts";
import { regionBitmap, regionStrokes } from "./region-picture.ts";

const SCALE = 8;
const SIDE = REGION * SCALE;
const FOOT = 64;
/** The dashes of the graders' lines, in letters. */
const SIGNS: readonly string[] = ["—", "– –", "···", "–·–"];

/** The region as it is on the screen, its longer side eight times its size, with scale bar, colour bar and key, as PNG bytes. */
export async function figurePng(state: State): Promise<Uint8Array> {
  const spacingMm = frameOnScreen(state)?.slice.spacingMm ?? null;
  const framed = {
    width: REGION,
    height: REGION,
    frameWidth: SIDE,
    frameHeight: SIDE,
    aspect: pixelAspect({ spacingMm }),
  };
  const { left, scale, scaleY } = placed(wholeLook(framed), framed);
  const height = Math.max(1, Math.round(REGION * scaleY));
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = height + FOOT;
  const context = canvas.getContext("2d");
  const bitmap = regionBitmap(state);
  if (!context || !bitmap) throw new Error("a picture before there is one");
  context.fillStyle = "#101418";
  context.fillRect(0, 0, SIDE, height + FOOT);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, left, 0, REGION * scale, height);
  context.save();
  context.scale(2, 2); // lines twice as thick as on the screen: the figure is seen smaller than it is
  const at = { left: (left + scale / 2) / 2, top: scaleY / 4, scale: scale / 2, scaleY: scaleY / 2 };
  strokeAll(context, regionStrokes(state), (loops) => tracePath(context, loops, at));
  paintScaleBar(context, scaleBar(spacingMm?.[1] ?? null, scale / 2, SIDE / 8), 12, height / 2 - 14);
  context.restore();
  paintFoot(context, state, height + FOOT / 2);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  return new Uint8Array(await (blob as Blob).arrayBuffer());
}

/** Colour bar and key, about a line at `middle`. */
function paintFoot(context: CanvasRenderingContext2D, state: State, middle: number): void {
  const { layer } = state.intent.view;
  context.font = "22px system-ui, sans-serif";
  context.textBaseline = "middle";
  let x = 16;
  const write = (text: string, colour = "#d9e0e7") => {
    context.fillStyle = colour;
    context.fillText(text, x, middle);
    x += context.measureText(text).width + 12;
  };
  if (layer !== "none") {
    const { label, unit, table } = LAYER_STYLES[layer];
    const range = layerRange(state);
    write(said(label));
    write(range[0].toFixed(0), "#9aa7b4");
    const bar = context.createLinearGradient(x, 0, x + 160, 0);
    for (const [at, colour] of gradient(table)) bar.addColorStop(at, colour);
    context.fillStyle = bar;
    context.fillRect(x, middle - 9, 160, 18);
    x += 172;
    write(`${Number(range[1].toFixed(2))} ${said(unit)}`, "#9aa7b4");
    x += 12;
  }
  if (state.intent.view.outlines.sample) write(`— ${currentName(state)}`, "#ffffff");
  if (!state.intent.view.outlines.graders) return;
  for (const { key, short, slot, areaPx } of regionGraders(state)) {
    if (areaPx > 0) write(`${SIGNS[slot] ?? "—"} ${typeof key === "number" ? "G" : ""}${short}`, slotColour(slot));
  }
}
