import { derive } from "../app/derive.ts";
import type { ModelChoice, State } from "../app/shape.ts";

/** Of what a network with a light decode is made; what it lacks of the paper follows. */
export interface NetworkShape {
  readonly latent: number;
  /** 1×1 layers after the one at which z enters; 0 without f_comb. */
  readonly combLayers: number;
  readonly factor: boolean;
  /** Grid spacings of the local fields, pixels. */
  readonly fields: readonly number[];
  readonly fieldScale: number;
  readonly envelope: boolean;
  readonly gate: boolean;
  readonly shift: boolean;
  /** Whether P is a net's, and not N(0, I). */
  readonly priorNet: boolean;
  /** Whether Q is a net's, and not Newton's. */
  readonly posteriorNet: boolean;
}

/** What the network on the screen is made of; null before it is loaded, and where every sample is a pass of its own. */
export const networkShape = derive(
  (state: State) => [state.model?.value] as const,
  (model): NetworkShape | null => {
    if (!model?.decode) return null;
    const { comb, latent, fieldSpacings, fieldScale, gate, shift } = model.decode;
    const { head, prior, posterior } = model.config.architecture;
    return {
      latent,
      combLayers: comb?.layers.length ?? 0,
      factor: head.factor > 0,
      fields: fieldSpacings,
      fieldScale,
      envelope: head.envelope,
      gate: gate === true,
      shift: (shift ?? 0) > 0,
      priorNet: prior === "net",
      posteriorNet: posterior === "net",
    };
  },
);

/** Whether a network is the paper's, with nothing added. */
export function isPapers({ combLayers, factor, fields, envelope, gate, shift, ...nets }: NetworkShape): boolean {
  const added = factor || fields.length > 0 || envelope || gate || shift;
  return combLayers > 0 && !added && nets.priorNet && nets.posteriorNet;
}

/** The first bundled model with the paper's prior net, posterior net and f_comb; null where there is none. */
export function papersModel({ models }: Pick<State, "models">): ModelChoice | null {
  const found = models.find(({ bundled, config: { choice, architecture } }) => {
    const { head, prior, posterior } = architecture;
    return bundled && choice === "z" && head.comb && prior === "net" && posterior === "net";
  });
  return found ?? null;
}
