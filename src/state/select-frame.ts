import { REGION } from "../core/region.ts";
import { lesionBox } from "./little-mask.ts";
import { derive } from "./memo.ts";
import { drawnOnScreen } from "./select-masks.ts";
import type { State } from "./store.ts";

/** A square round everything that the samples may mark: what thumbs show. */
export const lesionFrame = derive(
  (state: State) => [drawnOnScreen(state)] as const,
  (drawn) => (drawn ? lesionBox(drawn.statistics.mean, { width: REGION, height: REGION }) : null),
);
