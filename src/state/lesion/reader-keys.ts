import { encodingBytes, HELD_BYTES } from "../../core/network/held.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { t } from "../app/speech.ts";
import { currentU, sigmaOf } from "../explore/latent/z.ts";
import { hasZ, isQuick } from "../models/model.ts";
import type { ReaderAtZ } from "./followed.ts";
import { lesionKey, lesionOnScreen, startSlice } from "./keys.ts";

/** Why no slider goes through the slices with this system; null where one does, or while no model is there. */
export function whyNoReader(state: State): string | null {
  if (!state.model || isQuick(state)) return null;
  if (!hasZ(state)) return t`This system has no z that a slider could move: its samples are in the table of readers.`;
  return t`Not with this system: z enters at its first layer, so each slice would be a full pass of the network at every move.`;
}

/** Names what the sliders should show through the lesion's slices; null before it was followed to its ends. */
export function readerKey(state: State): string | null {
  const [lesion, sigma] = [lesionKey(state), sigmaOf(state)];
  if (lesion === null || sigma === null || !isQuick(state) || !lesionOnScreen(state)?.found) return null;
  return `${lesion}|z ${Array.from(sigma, (value) => value.toFixed(5)).join()} u ${currentU(state)}`;
}

/** What the sliders show of the lesion on the screen; where z has moved on meanwhile, what was ready last. */
export function readerOnScreen(state: State): ReaderAtZ | null {
  const reader = state.lesionReader?.value;
  return reader && reader.lesion === lesionKey(state) ? reader : null;
}

/**
 * The lesion's slices on which the sliders show their reader, nearest to the box's first: all of them, or as many as are
 * kept at once. None before the lesion was followed to its ends.
 */
export const readerSlices = derive(
  (state: State) => [lesionOnScreen(state)?.found?.grown, state.encoded?.value.encoding, startSlice(state)] as const,
  (grown, encoding, start): readonly number[] => {
    if (!grown || !encoding || start === null) return [];
    const most = Math.max(1, Math.floor(HELD_BYTES / encodingBytes(encoding)));
    return Array.from({ length: grown.last - grown.first + 1 }, (_, s) => grown.first + s)
      .sort((a, b) => Math.abs(a - start) - Math.abs(b - start))
      .slice(0, most);
  },
);
