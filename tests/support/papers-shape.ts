import type { NetworkShape } from "../../src/state/learn/network-shape.ts";

/** The paper's network as the drawing in Learn sees it. */
export const PAPERS_SHAPE: NetworkShape = {
  latent: 6,
  combLayers: 3,
  factor: false,
  fields: [],
  fieldScale: 1.5,
  envelope: false,
  gate: false,
  shift: false,
  priorNet: true,
  posteriorNet: true,
};
