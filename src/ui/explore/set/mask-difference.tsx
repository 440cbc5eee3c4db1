import { useLayoutEffect, useRef } from "react";
import { iou } from "../../../core/measures/agreement.ts";
import { REGION } from "../../../core/values/region.ts";
import type { Mask } from "../../../core/values/slice.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { lesionFrame } from "../../../state/explore/lesion-frame.ts";
import { regionGrey } from "../../../state/explore/region.ts";
import type { MapMark } from "../../../state/explore/set/map-of-masks.ts";
import { currentMask } from "../../../state/explore/shown.ts";
import { decimals } from "../../app/format.ts";
import { bitmapOf } from "../../canvas/bitmap.ts";
import { rich } from "../../language/rich.tsx";

/** In the one pointed at alone, and in the one shown alone: apart for colour-blind eyes. */
const MORE = [86, 180, 233] as const;
const LESS = [230, 159, 0] as const;

/** What the mask that is pointed at on the map marks more, and less, than the one shown. */
export function MaskDifference({ mark, name }: { readonly mark: MapMark | null; readonly name: string | null }) {
  const shown = useSelect(currentMask);
  if (!mark || !shown) {
    return (
      <p className="sentence mask-difference">{t`Point at a mask to see how it differs from the one shown; a click shows it.`}</p>
    );
  }
  const [more, less] = differing(mark.mask, shown);
  return (
    <div className="mask-difference">
      <Picture mask={mark.mask} shown={shown} />
      <p className="sentence">
        {rich`${<strong>{name}</strong>}: IoU ${decimals(iou(mark.mask, shown))} with the one shown, ${<span className="marks-more">+{more}</span>} and`}{" "}
        <span className="marks-less">−{less}</span> px
      </p>
    </div>
  );
}

function differing(mask: Mask, shown: Mask): [number, number] {
  let [more, less] = [0, 0];
  for (const [i, bit] of mask.bits.entries()) {
    if (bit > (shown.bits[i] as number)) more++;
    if (bit < (shown.bits[i] as number)) less++;
  }
  return [more, less];
}

function Picture({ mask, shown }: { readonly mask: Mask; readonly shown: Mask }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const grey = useSelect(regionGrey);
  const frame = useSelect(lesionFrame);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !grey || !frame) return;
    const rgba = new Uint8ClampedArray(4 * REGION * REGION);
    for (let i = 0; i < grey.length; i++) {
      const [a, b] = [mask.bits[i] as number, shown.bits[i] as number];
      const tint = a > b ? MORE : a < b ? LESS : null;
      const value = grey[i] as number;
      for (let c = 0; c < 3; c++) rgba[4 * i + c] = tint ? 0.3 * value + 0.7 * (tint[c] as number) : value;
      rgba[4 * i + 3] = 255;
    }
    const { width, height } = context.canvas;
    context.clearRect(0, 0, width, height);
    context.imageSmoothingEnabled = false;
    const bitmap = bitmapOf(rgba, REGION, REGION);
    context.drawImage(bitmap, frame.x, frame.y, frame.width, frame.height, 0, 0, width, height);
  }, [grey, frame, mask, shown]);
  return <canvas ref={canvas} width={112} height={112} role="img" aria-label={t`Difference to the mask shown`} />;
}
