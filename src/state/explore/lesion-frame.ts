import { REGION } from "../../core/values/region.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { lesionBox } from "./latent/little-mask.ts";
import { drawnOnScreen } from "./masks.ts";

/** A square round everything that the samples may mark: what thumbs show. */
export const lesionFrame = derive(
  (state: State) => [drawnOnScreen(state)] as const,
  (drawn) => (drawn ? lesionBox(drawn.statistics.mean, { width: REGION, height: REGION }) : null),
);
