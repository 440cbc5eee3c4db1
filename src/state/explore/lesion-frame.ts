import { REGION } from "../../core/values/region.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { aspectOnScreen } from "../cases/on-screen.ts";
import { lesionBox } from "./latent/little-mask.ts";
import { drawnOnScreen } from "./masks.ts";

/** A box, square in the patient, round everything that the samples may mark: what thumbs show. */
export const lesionFrame = derive(
  (state: State) => [drawnOnScreen(state), aspectOnScreen(state)] as const,
  (drawn, aspect) => (drawn ? lesionBox(drawn.statistics.mean, { width: REGION, height: REGION }, aspect) : null),
);
